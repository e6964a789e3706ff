/** Loading for as long as something is shown: given up when it goes, and never shown too late. */
import {useEffect, useState} from 'preact/hooks';

/**
 * @template Answer
 * @typedef {{answer: Answer | null, error: unknown, loading: boolean, again: () => void, put: (answer: Answer) => void}} Loaded
 */

/**
 * Loads at once, and anew when one of `by` changed; the answer before stays until the next one is there.
 * @template Answer
 * @param {(signal: AbortSignal) => Promise<Answer>} load
 * @param {unknown[]} [by]
 * @returns {Loaded<Answer>} `put` shows what an act answered, without asking
 */
export function useLoaded(load, by = []) {
  const [state, setState] = useState(/** @type {{answer: Answer | null, error: unknown, loading: boolean}} */ (
    {answer: null, error: null, loading: true}));
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setState((before) => ({...before, loading: true}));
    load(stop.signal).then(
      (answer) => stop.signal.aborted || setState({answer, error: null, loading: false}),
      (error) => stop.signal.aborted || setState((before) => ({...before, error, loading: false})),
    );
    return () => stop.abort();
  }, [...by, turn]);
  return {
    ...state,
    again: () => setTurn((before) => before + 1),
    put: (answer) => setState({answer, error: null, loading: false}),
  };
}

/**
 * A signal that ends with the component, for acts that outlive a click.
 * @returns {AbortSignal}
 */
export function useLeaving() {
  const [stop] = useState(() => new AbortController());
  useEffect(() => () => stop.abort(), []);
  return stop.signal;
}
