/** An order that the app may not have heard of yet: asked for at set moments, until it is known or the page is left. */
import {useEffect, useState} from 'preact/hooks';
import {ORDERED, poll} from '../../shared/polling.js';

/**
 * @typedef {import('../../shared/api').OrderNow} OrderNow
 */

/**
 * @param {(signal: AbortSignal) => Promise<OrderNow>} ask
 * @param {unknown[]} [by] what the question depends on
 * @returns {{order: OrderNow | null, over: boolean, error: unknown, put: (order: OrderNow) => void}}
 *   `over`: it won't be asked for again by itself
 */
export function useOrdered(ask, by = []) {
  const [order, setOrder] = useState(/** @type {OrderNow | null} */ (null));
  const [over, setOver] = useState(false);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  useEffect(() => {
    const stop = new AbortController();
    const {signal} = stop;
    setOver(false);
    poll(ORDERED, () => ask(signal), ({state}) => state === 'known', {signal, seen: setOrder}).then(
      () => setOver(true),
      (failed) => signal.aborted || setError(failed),
    );
    return () => stop.abort();
  }, by);
  return {order, over, error, put: setOrder};
}
