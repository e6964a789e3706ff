import {expect, test, vi} from 'vitest';
import {connect} from '../connection.js';

test('an act sends the key of the newest answer', async () => {
  const app = vi.fn().mockResolvedValueOnce({key: 'a'}).mockResolvedValueOnce({key: 'b'}).mockResolvedValueOnce({}).mockResolvedValue({key: 'c'});
  const {ask, act, key} = connect(app);
  await ask('/me');
  await ask('/cart', {body: {}});
  await ask('/entries');
  expect(key()).toBe('b');
  await act('/redeem', {reward: '1'});
  expect(app.mock.calls.at(-1)).toEqual(['/redeem', {body: {key: 'b', reward: '1'}}]);
  expect(key()).toBe('c');
});

test('an act that is repeated keeps its own key', async () => {
  const app = vi.fn().mockResolvedValue({key: 'b'});
  const {act} = connect(app);
  await act('/redeem', {key: 'a'});
  await act('/redeem', {key: 'a'});
  expect(app.mock.calls.map(([, {body}]) => body.key)).toEqual(['a', 'a']);
});

test('the key of an act that is done is never taken for the next one', async () => {
  const app = vi.fn().mockResolvedValueOnce({key: 'a'}).mockResolvedValueOnce({key: 'b'}).mockResolvedValue({key: 'a'});
  const {ask, act, key} = connect(app);
  await ask('/me');
  await act('/redeem');
  await ask('/me');
  expect(key()).toBe('b');
});
