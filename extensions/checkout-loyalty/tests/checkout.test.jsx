import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {waitFor} from '@testing-library/preact';
import {getExtension} from '@shopify/ui-extensions-tester';
import {answering, close, i18nOf, open, problem} from '../../shared/testing.js';
import {sampleCart, sampleMe} from '../../shared/samples.js';

const FOLDER = join(import.meta.dirname, '..');
const extension = getExtension('purchase.checkout.block.render', {configSearchDir: import.meta.dirname});
const en = i18nOf(FOLDER, 'en');
const text = () => document.body.textContent;

afterEach(() => close(extension));

describe('a member', () => {
  beforeEach(() => open(extension, FOLDER));

  test('sees a skeleton, then the balance and what the cart earns', async () => {
    const asked = answering(extension, {'GET /me': sampleMe(en), 'POST /cart': sampleCart(en, 'USD')});
    await extension.render();
    expect(document.querySelector('s-skeleton-paragraph')).not.toBeNull();
    await waitFor(() => expect(text()).toContain('You have 640 points.'));
    expect(text()).toContain('This order earns 42 points.');
    expect(asked[0].headers.Authorization).toBe('Bearer mock-session-token');
  });
});

test.each([['not launched', problem('not_launched', 403)], ['down', new TypeError('no network')]])(
  'an app that is %s leaves the checkout alone', async (_, answer) => {
    open(extension, FOLDER);
    answering(extension, {'GET /me': answer, 'POST /cart': answer});
    await extension.render();
    await waitFor(() => expect(document.body.innerHTML).toBe(''));
  });

test.each([['en', 'You have 640 points.'], ['fil', 'Mayroon kang 640 points.']])('the editor shows an example in %s and asks nothing', async (language, said) => {
  open(extension, FOLDER, {language, editor: true});
  const asked = answering(extension, {});
  await extension.render();
  expect(text()).toContain(said);
  expect(asked).toEqual([]);
});
