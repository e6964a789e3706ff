import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {MOST_TIME, Refusal, ask} from '../ask.js';

const json = (body, status = 200) => new Response(JSON.stringify(body), {status});

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** @param {(url: string, options: any) => Promise<Response>} answer */
function app(answer) {
  const fetch = vi.fn(answer);
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

/** Never answers, as a dead network does, until it is given up. */
const silence = (_, {signal}) => new Promise((resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

test('a question carries a fresh token, its query and nothing else', async () => {
  const fetch = app(async () => json({balance: 3}));
  const token = vi.fn(async () => 'fresh');
  expect(await ask('https://app.test', '/me', {token, query: {locale: 'fil', none: undefined}})).toEqual({balance: 3});
  expect(await ask('https://app.test', '/me', {token})).toEqual({balance: 3});
  expect(token).toHaveBeenCalledTimes(2);
  const [url, options] = fetch.mock.calls[0];
  expect(url).toBe('https://app.test/me?locale=fil');
  expect(options).toMatchObject({method: 'GET', body: undefined, headers: {Accept: 'application/json', Authorization: 'Bearer fresh'}});
  expect(fetch.mock.calls[1][0]).toBe('https://app.test/me');
});

test('a body makes it a POST', async () => {
  const fetch = app(async () => json({}));
  await ask('', '/redeem', {body: {key: 'k'}});
  expect(fetch.mock.calls[0][1]).toMatchObject({method: 'POST', body: '{"key":"k"}', headers: {'Content-Type': 'application/json'}});
  expect(fetch.mock.calls[0][1].headers.Authorization).toBeUndefined();
});

test('a refusal says its code and the reader\'s text', async () => {
  app(async () => json({code: 'not_launched', detail: 'Hindi pa bukas.', status: 403, values: {points: 3}}, 403));
  const refused = await ask('', '/me').catch((error) => error);
  expect(refused).toBeInstanceOf(Refusal);
  expect(refused).toMatchObject({code: 'not_launched', text: 'Hindi pa bukas.', status: 403, problem: {values: {points: 3}}});
});

test.each([
  ['a page instead of an answer', async () => new Response('<html>', {status: 502}), {code: 'unavailable', status: 502}],
  ['nothing', async () => new Response('', {status: 200}), {code: 'unavailable', status: 200}],
  ['no connection', async () => { throw new TypeError('Failed to fetch'); }, {code: 'offline', status: 0}],
])('%s is a refusal', async (_, answer, expected) => {
  app(answer);
  await expect(ask('', '/me')).rejects.toMatchObject({...expected, text: ''});
});

test('without a token nothing is asked', async () => {
  const fetch = app(async () => json({}));
  await expect(ask('', '/me', {token: async () => undefined})).rejects.toMatchObject({code: 'no_token'});
  expect(fetch).not.toHaveBeenCalled();
});

test('an app that says nothing is given up after eight seconds', async () => {
  app(silence);
  const asked = ask('', '/me').catch((error) => error);
  await vi.advanceTimersByTimeAsync(MOST_TIME - 1);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await asked).toMatchObject({code: 'timeout', status: 0});
  expect(vi.getTimerCount()).toBe(0);
});

test('a surface that gives no token is given up as well', async () => {
  const fetch = app(silence);
  const asked = ask('', '/me', {token: () => new Promise(() => {})}).catch((error) => error);
  await vi.advanceTimersByTimeAsync(MOST_TIME);
  expect(await asked).toMatchObject({code: 'timeout'});
  expect(fetch).not.toHaveBeenCalled();
});

test('who leaves ends the question, with their own reason', async () => {
  app(silence);
  const stop = new AbortController();
  const asked = ask('', '/me', {signal: stop.signal}).catch((error) => error);
  await vi.advanceTimersByTimeAsync(10);
  stop.abort(new Error('left'));
  expect((await asked).message).toBe('left');
  expect(vi.getTimerCount()).toBe(0);
});

test('who has left before asks nothing', async () => {
  const fetch = app(silence);
  const stop = new AbortController();
  stop.abort(new Error('left'));
  await expect(ask('', '/me', {signal: stop.signal, time: 5})).rejects.toThrow('left');
  expect(fetch).not.toHaveBeenCalled();
});
