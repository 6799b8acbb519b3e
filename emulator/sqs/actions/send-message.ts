import { findQueue, type Action } from "../action.ts";
import { describeSent, readOutgoingMessage, tooLong } from "../outgoing-message.ts";

export const sendMessage: Action = (input, context) => {
  const queue = findQueue(input, context);
  const { content, bytes, delaySeconds } = readOutgoingMessage(input);
  const { maximumMessageBytes } = queue.settings;
  if (bytes > maximumMessageBytes) throw tooLong(maximumMessageBytes, "are invalid");
  const messageId = context.random.uuid();
  return describeSent(queue.send(content, messageId, delaySeconds, context.nowMs));
};
