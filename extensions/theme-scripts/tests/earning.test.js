import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {answering, cartTaking, me, opened, page, press} from './stage.js';

const EMPTY = {item_count: 0, items: []};
const HELD = {'GET cart.js': EMPTY, 'GET /cart.js': EMPTY, 'GET me': me(), 'GET held': {key: 'k2', held: [], before: null}};

beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (then) => then());
  cartTaking([]);
});
afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

it('follows no address that runs a script', async () => {
  const activity = {id: 'a1', kind: 'social', name: 'Follow', gives: '20 points', state: 'open', text: '', link: 'javascript:alert(1)'};
  answering({...HELD, 'GET activities': {key: 'k', orders: [], activities: [activity]}});
  const panel = page();
  await opened(panel);
  await press(panel, '[earn]');
  expect(panel.querySelector('[data-body] a')).toBeNull();
  expect(panel.querySelector('[data-body] button').textContent).toBe('[collect]');
});

it('leads to the page with the questions where something is asked, and collects nothing by that', async () => {
  const link = 'https://nena.example/apps/suki/earn';
  const activity = {id: 'a1', kind: 'profile', name: 'About you', gives: '20 points', state: 'asks', text: 'Answer.', link};
  const sent = answering({...HELD, 'GET activities': {key: 'k', orders: [], activities: [activity]}});
  const panel = page();
  await opened(panel);
  await press(panel, '[earn]');
  expect(panel.querySelector('[data-body] .suki-acts a').getAttribute('href')).toBe(link);
  expect(panel.querySelector('[data-body] .suki-acts button')).toBeNull();
  expect(sent.filter(({method}) => method === 'POST')).toEqual([]);
});
