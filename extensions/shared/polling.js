/** Waiting for what the app is still doing: asked again at set moments, and never after the surface was left. */

/** When a reward that is being prepared is asked for: milliseconds after the one before. */
export const REDEEMING = [500, 500, 1000, 1000, 2000];
/** When a new order is asked for: at once, and 1.5, 3, 5 and 8 seconds later. */
export const ORDERED = [0, 1500, 1500, 2000, 3000];

/**
 * @param {number} time in milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>} fails with the signal's reason
 */
export function wait(time, signal) {
  return new Promise((resolve, reject) => {
    if (signal && signal.aborted) return reject(signal.reason);
    const end = () => {
      clearTimeout(timer);
      reject(signal && signal.reason);
    };
    const timer = setTimeout(() => {
      if (signal) signal.removeEventListener('abort', end);
      resolve();
    }, time);
    if (signal) signal.addEventListener('abort', end, {once: true});
  });
}

/**
 * Asks after each pause until the answer will do; the last answer in any case.
 * @template Answer
 * @param {number[]} pauses in milliseconds
 * @param {() => Promise<Answer>} once
 * @param {(answer: Answer) => boolean} enough
 * @param {{signal?: AbortSignal, seen?: (answer: Answer) => void}} [options] `seen` is told each answer
 * @returns {Promise<Answer | undefined>} fails where no question was answered, and at once where asking again is no use
 */
export async function poll(pauses, once, enough, {signal, seen} = {}) {
  /** @type {Answer | undefined} */
  let last;
  let failed;
  for (const pause of pauses) {
    await wait(pause, signal);
    try {
      last = await once();
      failed = undefined;
    } catch (error) {
      if ((signal && signal.aborted) || final(error)) throw error;
      failed = error;
      continue;
    }
    if (seen) seen(last);
    if (enough(last)) return last;
  }
  if (failed && last === undefined) throw failed;
  return last;
}

/** Whether the app will say the same to the next question: not for a token that ran out, nor for too many questions. @param {any} error */
const final = (error) => error.status >= 400 && error.status < 500 && error.status !== 401 && error.status !== 429;
