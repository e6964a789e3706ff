import {afterEach, describe, expect, it, vi} from 'vitest';
import {Asker} from '../src/ask.js';
import {answering} from './stage.js';

afterEach(() => vi.unstubAllGlobals());

describe('an act', () => {
  it('goes by the key of the last answer', async () => {
    const sent = answering({'GET me': {key: 'a'}, 'POST redeem': {key: 'b'}});
    const asker = new Asker('/apps/suki', 'en');
    await asker.act('redeem', {reward: 'r1'});
    await asker.act('redeem', {reward: 'r1'});
    expect(sent).toEqual([['GET me'], ['POST redeem', {reward: 'r1', key: 'a'}], ['POST redeem', {reward: 'r1', key: 'b'}]]);
  });

  it('goes once more by the same key where no answer came, so that it is done once', async () => {
    let times = 0;
    const sent = answering({'GET me': {key: 'a'}, 'POST redeem': () => {
      times += 1;
      if (times === 1) throw new TypeError('gone');
      return {key: 'b'};
    }});
    await new Asker('/apps/suki', 'en').act('redeem');
    expect(sent.slice(1)).toEqual([['POST redeem', {key: 'a'}], ['POST redeem', {key: 'a'}]]);
  });

  it('gets a new key for a page that stood too long', async () => {
    const keys = ['old', 'new'];
    const sent = answering({
      'GET me': () => ({key: keys.shift()}),
      'POST redeem': ({key}) => (key === 'old' ? {status: 409, code: 'expired_page', detail: ''} : {key: 'next'}),
    });
    await new Asker('/apps/suki', 'en').act('redeem');
    expect(sent.map(([name, body]) => [name, body?.key])).toEqual(
      [['GET me', undefined], ['POST redeem', 'old'], ['GET me', undefined], ['POST redeem', 'new']]);
  });

  it('is not repeated where the answer is no', async () => {
    const sent = answering({'GET me': {key: 'a'}, 'POST redeem': {status: 422, code: 'too_few_points', detail: 'Not enough.'}});
    await expect(new Asker('/apps/suki', 'en').act('redeem')).rejects.toMatchObject({code: 'too_few_points', text: 'Not enough.'});
    expect(sent).toHaveLength(2);
  });
});
