// Every state of both targets in every language: what it says first, and where it says nothing.
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {fireEvent, waitFor} from '@testing-library/preact';
import {getExtension} from '@shopify/ui-extensions-tester';
import {answering, close, i18nOf, open, problem} from '../../shared/testing.js';
import {sampleCart, sampleHeld, sampleMe, sampleOrder, sampleReward} from '../../shared/samples.js';
import {checkout} from './till.js';

const FOLDER = join(import.meta.dirname, '..');
const LANGUAGES = readdirSync(join(FOLDER, 'locales')).map((file) => file.split('.')[0]);
const CHECKOUT = getExtension('purchase.checkout.block.render', {configSearchDir: import.meta.dirname});
const THANKS = getExtension('purchase.thank-you.block.render', {configSearchDir: import.meta.dirname});
const LONG = 'Napakahabang pangalan '.repeat(20).trim();
const ARABIC = 'لقد ربحت ٤٢ نقطة';
const plain = (text) => text.replace(/[\u00a0\u202f]/g, ' ');

/** What is shown, by texts, fields and buttons. */
const shown = () => plain([...document.body.querySelectorAll('*')].flatMap((each) =>
  [...['heading', 'label'].map((name) => each.getAttribute(name)), ...[...each.childNodes].filter(({nodeType}) => nodeType === 3).map(({data}) => data)]).filter(Boolean).join('|'));

/**
 * What each state is made of: who asks, what the app answers, and what is said first in the language's own texts.
 * @type {Record<string, (i18n: any) => {me?: any, cart?: any, more?: any, currency?: string, editor?: boolean, click?: boolean, says: string | null}>}
 */
const AT_CHECKOUT = {
  'guest': (i18n) => ({me: {state: 'guest', member: null}, says: i18n.translate('guest.claim')}),
  'unknown': (i18n) => ({me: {state: 'unknown', member: null}, says: i18n.translate('join.button')}),
  'left': () => ({me: {state: 'left', member: null}, says: null}),
  'member': (i18n) => ({says: i18n.translate('offer.others', {count: 1})}),
  'refused': (i18n) => ({click: true, says: i18n.translate('told.refused', {title: sampleReward(i18n, 'USD').title})}),
  'offline': () => ({me: new TypeError('Failed to fetch'), cart: new TypeError('Failed to fetch'), says: null}),
  'not launched': () => ({me: problem('not_launched', 403), cart: problem('not_launched', 403), says: null}),
  'editor': (i18n) => ({editor: true, says: i18n.translate('offer.heading')}),
  'empty': (i18n) => ({cart: {rewards: [], estimate: null}, says: i18n.translate('offer.balance', {points: i18n.translate('surface.sample.points', {count: 640})})}),
  'long names': (i18n) => ({cart: {rewards: [sampleReward(i18n, 'USD', {title: LONG})]}, says: LONG}),
  'no decimals': (i18n) => ({currency: 'JPY', says: i18n.translate('offer.take_off', {worth: i18n.formatCurrency(6, {currency: 'JPY'})})}),
  'three decimals': (i18n) => ({currency: 'KWD', says: i18n.translate('offer.take_off', {worth: i18n.formatCurrency(6, {currency: 'KWD'})})}),
  'right to left': () => ({cart: {estimate: {points: {points: 42, text: '٤٢'}, about: false, text: ARABIC}}, says: ARABIC}),
};
const GRID = Object.keys(AT_CHECKOUT).flatMap((state) => LANGUAGES.map((language) => [state, language]));

afterEach(() => close(document.body.dataset.at === 'thanks' ? THANKS : CHECKOUT));

test.each(GRID)('purchase.checkout.block.render, %s, %s', async (state, language) => {
  document.body.dataset.at = 'checkout';
  const i18n = i18nOf(FOLDER, language);
  const {me, cart, currency = 'USD', editor, click, says} = AT_CHECKOUT[state](i18n);
  open(CHECKOUT, FOLDER, {language, editor});
  checkout(CHECKOUT, {currency});
  const answer = (own, sample) => (own instanceof Error || own?.status >= 400 ? own : {...sample, ...own});
  const held = sampleHeld(i18n, currency);
  answering(CHECKOUT, editor ? {} : {
    'GET /me': answer(me, sampleMe(i18n)), 'POST /cart': answer(cart, sampleCart(i18n, currency)),
    'POST /redeem': {key: 'k', held, available: held.points, text: ''}, 'POST /held/7/release': {key: 'k', held, available: held.points, text: ''},
  });
  await CHECKOUT.render();
  await waitFor(() => expect(document.querySelector('s-skeleton-paragraph')).toBeNull());
  if (click) fireEvent.click(document.querySelector('s-button'));
  await waitFor(() => (says === null ? expect(document.body.innerHTML).toBe('') : expect(shown()).toContain(plain(says))));
});

/** The same for the page after the order. */
const AFTER_ORDER = {
  'guest': (i18n) => ({order: {claim: 'How', code: null, tier: null, invitation: null}, says: i18n.translate('thanks.claim')}),
  'member': (i18n) => ({says: i18n.translate('invite.heading')}),
  'refused': (i18n) => ({order: {claim: 'How'}, click: true, says: i18n.translate('thanks.claim_failed')}),
  'offline': () => ({order: problem('not_found', 404), says: null}),
  'not launched': () => ({order: problem('not_launched', 403), says: null}),
  'editor': (i18n) => ({editor: true, says: i18n.translate('survey.send')}),
  'empty': () => ({order: {code: null, tier: null, invitation: null, survey: null, text: 'Nothing this time.'}, says: 'Nothing this time.'}),
  'long names': (i18n) => ({order: {tier: {name: LONG, benefits: [], reach: null, keep: null, until: null, news: []}}, says: i18n.translate('thanks.tier', {tier: LONG})}),
  'no decimals': (i18n) => ({currency: 'JPY', says: plain(i18n.translate('surface.sample.off', {worth: i18n.formatCurrency(5, {currency: 'JPY'})}))}),
  'three decimals': (i18n) => ({currency: 'KWD', says: plain(i18n.translate('surface.sample.off', {worth: i18n.formatCurrency(5, {currency: 'KWD'})}))}),
  'right to left': () => ({order: {text: ARABIC}, says: ARABIC}),
};

test.each(Object.keys(AFTER_ORDER).flatMap((state) => LANGUAGES.map((language) => [state, language])))('purchase.thank-you.block.render, %s, %s', async (state, language) => {
  document.body.dataset.at = 'thanks';
  const i18n = i18nOf(FOLDER, language);
  const {order, currency = 'USD', editor, click, says} = AFTER_ORDER[state](i18n);
  open(THANKS, FOLDER, {language, editor});
  THANKS.shopify.orderConfirmation.value = {order: {id: 'gid://shopify/Order/7'}, isFirstOrder: true, number: 'A1'};
  answering(THANKS, editor ? {} : {
    'GET /orders/7': order?.status >= 400 ? order : {...sampleOrder(i18n, currency), ...order}, 'POST /claim': new TypeError('Failed to fetch'),
  });
  await THANKS.render();
  await waitFor(() => expect(document.querySelector('s-skeleton-paragraph')).toBeNull());
  if (click) fireEvent.click([...document.querySelectorAll('s-button')].find((each) => each.textContent === i18n.translate('thanks.claim')));
  await waitFor(() => (says === null ? expect(document.body.innerHTML).toBe('') : expect(shown()).toContain(plain(says))));
});
