// Giving and taking points in the admin.
import {join} from 'node:path';
import {waitFor} from '@testing-library/preact';
import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, expect, test, vi} from 'vitest';
import {points} from '../../shared/account/answers.js';
import {control, press, put, said, words} from '../../shared/account/reading.js';
import {answering, close, json, open, problem} from '../../shared/testing.js';
import {stranger, view} from '../../pos-loyalty/tests/answers.js';
import shouldAdjust from '../src/shouldAdjust.js';

const FOLDER = join(import.meta.dirname, '..');
const extension = getExtension('admin.customer-details.action.render', {configSearchDir: import.meta.dirname});

/** @param {Record<string, unknown>} [table] @param {string | null} [token] */
async function shown(table = {}, token = 'id-token') {
  open(extension, FOLDER);
  extension.shopify.data.selected = [{id: 'gid://shopify/Customer/9'}];
  extension.shopify.auth.idToken = async () => token;
  const asked = answering(extension, {
    'GET /customers/9': view(),
    'POST /customers/9/adjust': {key: 'k', text: 'Ana Reyes got 50 points.', points: points(50), available: points(690)}, ...table,
  });
  await extension.render();
  return asked;
}

/** @param {any[]} asked */
const acts = (asked) => asked.filter(({method}) => method === 'POST').map(({body}) => body);

function filled(/** @type {string} */ number, reason = 'Late delivery') {
  put('s-number-field', 'input', {value: number});
  put('s-text-field', 'input', {value: reason});
}

afterEach(() => close(extension));

test('points are given once, with their reason, and what came of it is said', async () => {
  const asked = await shown();
  await said('Ana Reyes has 640 points.');
  filled('50');
  press('Save');
  await said('Ana Reyes got 50 points.');
  expect(acts(asked)).toEqual([{points: 50, reason: 'Late delivery', key: 'key-view'}]);
  expect(control('Save')).toBeUndefined();
  const closed = vi.spyOn(extension.shopify, 'close');
  press('Close');
  expect(closed).toHaveBeenCalledOnce();
});

test('points that are taken are sent below zero', async () => {
  const asked = await shown();
  await said('Ana Reyes has 640 points.');
  put('s-choice-list', 'change', {values: ['take']});
  filled('50');
  press('Save');
  await said('Ana Reyes got 50 points.');
  expect(acts(asked)[0].points).toBe(-50);
});

test.each([['', 'Enter a whole number from 1.'], ['0', 'Enter a whole number from 1.'], ['-5', 'Enter a whole number from 1.'],
  ['1.5', 'Enter a whole number from 1.'], ['501', 'Your role can give or take up to 500 at once.']])(
  'for %j points nothing is sent, and the field says why', async (number, text) => {
    const asked = await shown({'GET /customers/9': view({most: 500})});
    await said('Ana Reyes has 640 points.');
    filled(number);
    press('Save');
    await waitFor(() => expect(document.querySelector('s-number-field')?.getAttribute('error')).toBe(text));
    expect(acts(asked)).toEqual([]);
  });

test('a reason is needed', async () => {
  const asked = await shown();
  await said('Ana Reyes has 640 points.');
  filled('50', '  ');
  press('Save');
  await waitFor(() => expect(document.querySelector('s-text-field')?.getAttribute('error')).toBe('Enter a reason.'));
  expect(acts(asked)).toEqual([]);
});

test('what the app finds wrong stands at its field, and the form stays', async () => {
  await shown({'POST /customers/9/adjust': () => json({
    type: 'about:blank', title: 'invalid', status: 422, code: 'invalid', detail: 'Check the form.', fields: {points: 'They have 640 points only.'},
  }, 422)});
  await said('Ana Reyes has 640 points.');
  filled('900');
  press('Save');
  await said('Check the form.');
  expect(document.querySelector('s-number-field')?.getAttribute('error')).toBe('They have 640 points only.');
  expect(control('Save')).toBeDefined();
});

test('without an answer the same form goes by the same key', async () => {
  const keys = /** @type {string[]} */ ([]);
  await shown({'POST /customers/9/adjust': (/** @type {any} */ {body}) => {
    keys.push(body.key);
    return keys.length === 1 ? new TypeError('Failed to fetch') : {key: 'k', text: 'Given.', points: null, available: null};
  }});
  await said('Ana Reyes has 640 points.');
  filled('50');
  press('Save');
  await said("We couldn't connect.");
  press('Save');
  await said('Given.');
  expect(keys).toEqual(['key-view', 'key-view']);
});

test.each([
  ['a role that may not', () => view({may_adjust: false}), "Your role can't give or take points."],
  ['no member', () => stranger('unknown'), "This customer isn't a member of the programme."],
])('%s: said, with nothing to save', async (_name, answer, text) => {
  await shown({'GET /customers/9': answer()});
  await said(text);
  expect(control('Save')).toBeUndefined();
});

test('staff without access: said plainly', async () => {
  await shown({}, null);
  await said("Your staff account can't use this app. Ask an admin to give you access.");
});

test('refused: the words of the app', async () => {
  await shown({'GET /customers/9': () => problem('forbidden', 403, 'Not with your role.')});
  await said('Not with your role.');
  expect(words()).not.toContain('Save');
});

test.each([
  [1, {may_adjust: true}, true], [0, {may_adjust: true}, false], [2, {may_adjust: true}, false],
  [1, {may_adjust: false}, false], [1, problem('forbidden', 403, 'No.'), false], [1, new TypeError('Failed to fetch'), false],
])('%d customers selected, %j: offered %s', async (count, answer, display) => {
  open(extension, FOLDER);
  extension.shopify.data.selected = Array.from({length: count}, (_, n) => ({id: `gid://shopify/Customer/${n}`}));
  extension.shopify.auth.idToken = async () => 'id-token';
  answering(extension, {'GET /me': () => answer});
  expect(await shouldAdjust()).toEqual({display});
});
