export async function consume(event) {
  const enteredAtMs = Date.now();
  for (const { messageId } of event.Records) console.log(`entered ${messageId} ${enteredAtMs}`);
}
