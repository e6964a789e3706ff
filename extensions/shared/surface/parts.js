// What the page has been told, part by part: each part is asked for once, when it is first looked at, and again after
// an act that may have changed it. What was shown stays on the screen while it is asked for anew.
import {signal} from '@preact/signals';

/**
 * @typedef {object} Part
 * @property {'asking' | 'told' | 'failed'} state
 * @property {any} answer the last one, also while it is asked for again
 * @property {unknown} error
 */

/** @typedef {import('@preact/signals').Signal<Part>} PartSignal */

/** @typedef {{part: PartSignal, turn: number, asked: Promise<void>}} Known `asked`: the question that is under way */

/** @param {import('../talk.js').Talk} talk */
export function createParts(talk) {
  /** @type {Map<string, Known>} */
  const parts = new Map();

  /** @param {Known} known @param {string} path */
  async function ask(known, path) {
    const turn = ++known.turn;
    const put = (/** @type {Partial<Part>} */ change) => {
      // An answer that was overtaken by a later question is out of date.
      if (turn === known.turn) known.part.value = {...known.part.value, ...change};
    };
    if (!known.part.value.answer) put({state: 'asking', error: null});
    try {
      put({state: 'told', answer: await talk.get(path), error: null});
    } catch (error) {
      put({state: 'failed', error});
    }
  }

  /** @param {string} path */
  function known(path) {
    const before = parts.get(path);
    if (before) return before;
    const part = signal(/** @type {Part} */ ({state: 'asking', answer: null, error: null}));
    const fresh = {part, turn: 0, asked: Promise.resolve()};
    parts.set(path, fresh);
    fresh.asked = ask(fresh, path);
    return fresh;
  }

  return {
    /** @param {string} path @returns {PartSignal} */
    part: (path) => known(path).part,

    /** What was told once no question about it is under way. @param {string} path @returns {Promise<Part>} */
    async heard(path) {
      const {asked} = known(path);
      await asked;
      return asked === known(path).asked ? known(path).part.value : this.heard(path);
    },

    /**
     * Ask again for what may have changed, where it was asked for before.
     * @param {string[]} paths each with whatever follows it, as pages of a list do
     */
    async again(...paths) {
      const changed = [...parts.keys()].filter((path) => paths.some((one) => path === one || path.startsWith(`${one}?`)));
      await Promise.all(changed.map((path) => (known(path).asked = ask(known(path), path))));
    },
  };
}

/** @typedef {ReturnType<typeof createParts>} Parts */

/** @typedef {{talk: import('../talk.js').Talk, parts: Parts}} Told what a component asks and acts by */
