// Whatever the reader does on this page: one thing at a time, and what came of it in words.
import {useSignal} from '@preact/signals';
import {Refusal} from '../ask.js';
import {failure} from './words.js';

/** @typedef {{tone: 'success' | 'critical', text: string, fields: Record<string, string>}} Outcome `fields`: what is wrong in each */

/**
 * @param {import('./parts.js').Told} told
 */
export function useActing({talk, parts}) {
  const busy = useSignal('');
  const outcome = useSignal(/** @type {Outcome | null} */ (null));

  /** @param {Outcome['tone']} tone @param {string} text @param {any} [fields] */
  function tell(tone, text, fields) {
    outcome.value = {tone, text, fields: fields ?? {}};
  }

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
      tell('success', answer.text ?? '');
      return answer;
    } catch (error) {
      tell('critical', failure(error), error instanceof Refusal ? error.problem.fields : {});
      return null;
    } finally {
      busy.value = '';
      // Refused too, for then what is shown was out of date.
      void parts.again(...changes);
    }
  }

  return {busy, outcome, act, tell};
}

/** @typedef {ReturnType<typeof useActing>} Acting */
