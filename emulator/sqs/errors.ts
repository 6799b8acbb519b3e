interface ErrorForm {
  /** `__type` of the AWS JSON protocol. Errors outside the service's model have coral's prefix. */
  readonly shape: string;
  readonly httpStatus: number;
  /** True for `Sender`, false for `Receiver`, in the Query protocol and the SDK's header. */
  readonly senderFault: boolean;
}

const SERVICE = "com.amazonaws.sqs#";
const CORAL = "com.amazon.coral.service#";

function sender(shape: string, httpStatus = 400): ErrorForm {
  return { shape, httpStatus, senderFault: true };
}

/** Every error of the emulator, by the code that SDKs and the Query protocol show. */
export const SQS_ERRORS = {
  AccessDenied: sender(`${CORAL}AccessDeniedException`, 403),
  "AWS.SimpleQueueService.BatchEntryIdsNotDistinct": sender(`${SERVICE}BatchEntryIdsNotDistinct`),
  "AWS.SimpleQueueService.BatchRequestTooLong": sender(`${SERVICE}BatchRequestTooLong`),
  "AWS.SimpleQueueService.EmptyBatchRequest": sender(`${SERVICE}EmptyBatchRequest`),
  "AWS.SimpleQueueService.InvalidBatchEntryId": sender(`${SERVICE}InvalidBatchEntryId`),
  "AWS.SimpleQueueService.MessageNotInflight": sender(`${SERVICE}MessageNotInflight`),
  "AWS.SimpleQueueService.NonExistentQueue": sender(`${SERVICE}QueueDoesNotExist`),
  "AWS.SimpleQueueService.PurgeQueueInProgress": sender(`${SERVICE}PurgeQueueInProgress`, 403),
  "AWS.SimpleQueueService.QueueDeletedRecently": sender(`${SERVICE}QueueDeletedRecently`),
  "AWS.SimpleQueueService.TooManyEntriesInBatchRequest": sender(
    `${SERVICE}TooManyEntriesInBatchRequest`,
  ),
  "AWS.SimpleQueueService.UnsupportedOperation": sender(`${SERVICE}UnsupportedOperation`),
  InternalFailure: { shape: `${CORAL}InternalFailure`, httpStatus: 500, senderFault: false },
  InvalidAction: sender(`${CORAL}UnknownOperationException`),
  InvalidAttributeName: sender(`${SERVICE}InvalidAttributeName`),
  InvalidAttributeValue: sender(`${SERVICE}InvalidAttributeValue`),
  InvalidMessageContents: sender(`${SERVICE}InvalidMessageContents`),
  InvalidParameterValue: sender(`${CORAL}InvalidParameterValueException`),
  MissingParameter: sender(`${CORAL}MissingRequiredParameterException`),
  OverLimit: sender(`${SERVICE}OverLimit`, 403),
  QueueAlreadyExists: sender(`${SERVICE}QueueNameExists`),
  ReceiptHandleIsInvalid: sender(`${SERVICE}ReceiptHandleIsInvalid`, 404),
  ResourceNotFoundException: sender(`${SERVICE}ResourceNotFoundException`, 404),
  SerializationException: sender(`${CORAL}SerializationException`),
} as const satisfies Record<string, ErrorForm>;

export type SqsErrorCode = keyof typeof SQS_ERRORS;

/** An error that the caller of an SQS action is told. Its wire form is `SQS_ERRORS[code]`. */
export class SqsError extends Error {
  readonly code: SqsErrorCode;

  constructor(code: SqsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SqsError";
    this.code = code;
  }
}
