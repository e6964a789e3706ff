import {describe, expect, test, vi} from 'vitest';
import {Refusal} from '../ask.js';
import {isUnanswered, talkTo} from '../talk.js';
import {json, problem} from '../testing.js';

/**
 * A talk with an app that gives a new key with each answer; acts are answered by `acts`, one after the other.
 * @param {(() => Response)[]} acts
 */
function talk(...acts) {
  let turn = 0;
  /** @type {{path: string, key: string | undefined, query: string}[]} */
  const asked = [];
  vi.stubGlobal('fetch', async (/** @type {string} */ url, /** @type {RequestInit} */ {body}) => {
    const {pathname, search} = new URL(url);
    asked.push({path: pathname, key: body && JSON.parse(String(body)).key, query: search});
    return body ? /** @type {() => Response} */ (acts.shift())() : json({key: `key-${++turn}`});
  });
  return {asked, talk: talkTo({base: 'https://app.test', token: async () => 't', query: {locale: 'fil'}})};
}

const done = (key = 'key-after') => () => json({key, text: 'Done'});
const offline = () => { throw new TypeError('Failed to fetch'); };

describe('keys', () => {
  test('each act takes the key of the last answer, and none is taken twice', async () => {
    const {talk: one, asked} = talk(done('a'), done('b'), done('c'));
    await one.get('/rewards');
    for (const path of ['/join', '/leave', '/join']) await one.act(path);
    expect(asked.map(({path, key}) => [path, key])).toEqual([
      ['/rewards', undefined], ['/join', 'key-1'], ['/leave', 'a'], ['/join', 'b'],
    ]);
  });

  test('an act without an answer goes by the same key again, and another one by a new key', async () => {
    const {talk: one, asked} = talk(offline, done(), () => problem('unavailable', 503), done());
    await one.get('/rewards');
    await expect(one.act('/redeem', {reward: 'a'})).rejects.toMatchObject({code: 'offline'});
    await one.act('/redeem', {reward: 'b'});
    await expect(one.act('/leave')).rejects.toMatchObject({status: 503});
    await one.act('/redeem', {reward: 'a'});
    expect(asked.filter(({key}) => key).map(({key}) => key)).toEqual(['key-1', 'key-2', 'key-after', 'key-1']);
  });

  test('a refused act is over: the next try goes by a new key', async () => {
    const {talk: one, asked} = talk(() => problem('too_few', 403), done());
    await one.get('/rewards');
    await expect(one.act('/redeem')).rejects.toMatchObject({code: 'too_few'});
    await one.act('/redeem');
    expect(asked.map(({path, key}) => [path, key])).toEqual([
      ['/rewards', undefined], ['/redeem', 'key-1'], ['/me', undefined], ['/redeem', 'key-2'],
    ]);
  });

  test('an expired key is replaced once, as nothing was done by it', async () => {
    const expired = () => problem('expired_page', 409);
    const {talk: one, asked} = talk(expired, done(), expired, expired);
    await one.act('/join');
    expect(asked.map(({key}) => key).filter(Boolean)).toEqual(['key-1', 'key-2']);
    await expect(one.act('/leave')).rejects.toMatchObject({code: 'expired_page'});
  });
});

test('what a path asks for goes with what every question asks for', async () => {
  const {talk: one, asked} = talk();
  await one.get('/entries?before=7');
  await one.get('/me');
  expect(asked.map(({path, query}) => path + query)).toEqual(['/entries?locale=fil&before=7', '/me?locale=fil']);
});

test('a refused token is asked for once more', async () => {
  const tokens = ['old', 'new', 'newer'];
  const seen = /** @type {string[]} */ ([]);
  vi.stubGlobal('fetch', async (/** @type {string} */ _url, /** @type {any} */ {headers}) => {
    seen.push(headers.Authorization);
    return headers.Authorization === 'Bearer new' ? json({key: 'k'}) : problem('unauthorized', 401);
  });
  const one = talkTo({base: 'https://app.test', token: async () => tokens.shift() ?? ''});
  await one.get('/me');
  expect(seen).toEqual(['Bearer old', 'Bearer new']);
  await expect(one.get('/me')).rejects.toMatchObject({code: 'no_token'});
  expect(seen).toEqual(['Bearer old', 'Bearer new', 'Bearer newer']);
});

test.each([
  [new Refusal('offline'), true], [new Refusal('timeout'), true], [new Refusal('unavailable', '', 200), true],
  [new Refusal('unavailable', '', 502), true], [new TypeError('?'), true], [new Refusal('no_token'), false],
  [new Refusal('too_few', '', 403), false], [new Refusal('too_many', '', 429), false],
])('%s may have been done: %s', (error, may) => expect(isUnanswered(error)).toBe(may));
