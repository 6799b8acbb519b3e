import type { Log } from "./log.ts";
import type { Queue } from "./queue.ts";
import { encodeTask, type SendVerifyEmailTask } from "./tasks.ts";

export interface TaskQueue {
  /** Throws `queue_unavailable`. */
  enqueue(task: SendVerifyEmailTask, traceHeader: string | undefined): Promise<void>;
}

export interface TaskQueueOptions {
  readonly queue: Queue;
  readonly log: Log;
  readonly queueUrl: string;
  /**
   * 0 to 900 seconds. The message is sent before the user's transaction commits; the delay keeps
   * the worker from looking for the user before that.
   */
  readonly delaySeconds: number;
}

export function createTaskQueue(options: TaskQueueOptions): TaskQueue {
  const { queue, log, queueUrl, delaySeconds } = options;
  return {
    async enqueue(task, traceHeader) {
      const body = encodeTask(task);
      const messageId = await queue.send({ queueUrl, body, delaySeconds, traceHeader });
      log.info("enqueued task", {
        type: task.type,
        payload: { user_id: task.userId },
        queue: queueName(queueUrl),
        delay_seconds: delaySeconds,
        message_id: messageId,
      });
    },
  };
}

function queueName(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf("/") + 1);
}
