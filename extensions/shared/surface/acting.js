// Whatever the reader does on this page: one thing at a time, and what came of it in words.
import {useSignal} from '@preact/signals';
import {failure} from './words.js';

/** @typedef {{tone: 'success' | 'critical', text: string}} Outcome */

/**
 * @param {import('./parts.js').Told} told
 */
export function useActing({talk, parts}) {
  const busy = useSignal('');
  const outcome = useSignal(/** @type {Outcome | null} */ (null));

  /**
   * @param {string} name of what is done, so that its own button shows it
   * @param {string} path
   * @param {object} body
   * @param {string[]} changes what may be different afterwards, and is asked for again
   * @returns {Promise<any>} the answer; null where it failed, which has been said
   */
  async function act(name, path, body, changes) {
    if (busy.value) return null;
    busy.value = name;
    outcome.value = null;
    try {
      const answer = await talk.act(path, body);
      outcome.value = {tone: 'success', text: answer.text ?? ''};
      return answer;
    } catch (error) {
      outcome.value = {tone: 'critical', text: failure(error)};
      return null;
    } finally {
      busy.value = '';
      // Refused too, for then what is shown was out of date.
      void parts.again(...changes);
    }
  }

  return {busy, outcome, act};
}

/** @typedef {ReturnType<typeof useActing>} Acting */
