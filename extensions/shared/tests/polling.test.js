import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {Refusal} from '../ask.js';
import {ORDERED, poll, wait} from '../polling.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const done = (answer) => answer.state === 'known';

test('asks at 0, 1.5, 3, 5 and 8 seconds, then takes what it has', async () => {
  const at = [];
  const from = Date.now();
  const asked = poll(ORDERED, async () => (at.push(Date.now() - from), {state: 'waiting'}), done);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(at).toEqual([0, 1500, 3000, 5000, 8000]);
  expect(await asked).toEqual({state: 'waiting'});
});

test('ends with the first answer that will do, and tells each', async () => {
  const answers = [{state: 'waiting'}, {state: 'known'}, {state: 'never'}];
  const seen = [];
  const asked = poll(ORDERED, async () => answers.shift(), done, {seen: (answer) => seen.push(answer.state)});
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await asked).toEqual({state: 'known'});
  expect(seen).toEqual(['waiting', 'known']);
});

test('a question that fails is asked again', async () => {
  const once = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValue({state: 'known'});
  const asked = poll(ORDERED, once, done);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await asked).toEqual({state: 'known'});
  expect(once).toHaveBeenCalledTimes(2);
});

test('where every question fails, the last failure is told', async () => {
  const asked = poll([0, 10], async () => { throw new Error('offline'); }, done).catch((error) => error.message);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await asked).toBe('offline');
});

test('who leaves is asked for no more', async () => {
  const once = vi.fn(async () => ({state: 'waiting'}));
  const stop = new AbortController();
  const asked = poll(ORDERED, once, done, {signal: stop.signal}).catch((error) => error.message);
  await vi.advanceTimersByTimeAsync(1600);
  stop.abort(new Error('left'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await asked).toBe('left');
  expect(once).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(0);
});

test('who has left does not wait', async () => {
  const stop = new AbortController();
  stop.abort(new Error('left'));
  await expect(wait(5, stop.signal)).rejects.toThrow('left');
});

test.each([[403, 1], [404, 1], [401, 2], [429, 2], [503, 2], [0, 2]])('after a refusal with %i it is asked %i times', async (status, times) => {
  const once = vi.fn().mockRejectedValueOnce(new Refusal('no', '', status)).mockResolvedValue({state: 'known'});
  const asked = poll([0, 10, 10], once, done).catch((error) => error.status);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await asked).toEqual(times === 1 ? status : {state: 'known'});
  expect(once).toHaveBeenCalledTimes(times);
});
