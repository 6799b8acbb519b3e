import { html } from "./html.ts";
import type { Mail } from "./mail.ts";
import { LINK_LIFETIME_MINUTES } from "./verification-code.ts";

export interface VerificationMail {
  readonly to: string;
  readonly fullName: string;
  readonly codeId: string;
  readonly code: string;
  /** Where people reach the sign-up. */
  readonly publicBaseUrl: string;
}

export function verificationMail(about: VerificationMail): Mail {
  const base = new URL(about.publicBaseUrl);
  const link = new URL(`${base.href.replace(/\/$/, "")}/verify-email`);
  link.searchParams.set("id", about.codeId);
  link.searchParams.set("code", about.code);
  const terms =
    `The link works once and for ${LINK_LIFETIME_MINUTES} minutes. ` +
    "If you did not sign up, ignore this mail.";
  return {
    to: about.to,
    subject: "Verify your email address",
    messageId: `<${about.codeId}@${base.hostname}>`,
    text: [
      `Hello ${about.fullName},`,
      "please open this link and press the button to verify your email address:",
      link.href,
      terms,
    ].join("\n\n"),
    html: html`<p>Hello ${about.fullName},</p>
      <p>please open this link and press the button to verify your email address:</p>
      <p><a href="${link.href}">Verify my email address</a></p>
      <p>${terms}</p>`,
  };
}
