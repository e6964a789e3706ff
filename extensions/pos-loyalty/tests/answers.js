// What tests of the till let the app answer.
import {entry, member, points, reward} from '../../shared/account/answers.js';

/** @param {Partial<import('../../shared/api').StaffView>} [more] @returns {import('../../shared/api').StaffView} */
export const view = (more = {}) => ({
  key: 'key-view', customer_id: 9, state: 'member', name: 'Ana Reyes', member: member(), rewards: [], held: [], entries: [entry()],
  last_survey: null, birthday_gift: null, may_adjust: true, may_redeem: true, may_return: true, may_give_birthday: true,
  may_join: true, most: null, path: '/app/members/1', ...more,
});

/** @param {'unknown' | 'left' | 'guest'} state */
export const stranger = (state) => view({state, member: null});

/** @param {Partial<import('../../shared/api').CartJudged>} [more] @returns {import('../../shared/api').CartJudged} */
export const judged = (more = {}) => ({
  key: 'key-cart', estimate: {points: points(42), about: false, text: 'This sale earns 42 points.'}, why: null, rewards: [reward()], held: [],
  next_reward: null, ...more,
});

/** @param {Partial<import('../../shared/api').StaffOrder>} [more] @returns {import('../../shared/api').StaffOrder} */
export const sale = (more = {}) => ({
  state: 'known', points: points(42), text: 'Pending until the return period is over.', reasons: ['1 point for every ₱10 of ₱420'],
  available_on: {date: '2031-05-18', text: '18 May 2031'}, customer_id: 9, member: 'Ana Reyes', path: '/app/orders/1', ...more,
});

/** A till's cart. @param {object} [more] */
export const cart = (more = {}) => ({
  subtotal: '420.00', taxTotal: '0.00', grandTotal: '420.00', cartDiscounts: [], lineItems: [], properties: {}, editable: true,
  customer: {id: 9}, note: undefined, cartDiscount: undefined, ...more,
});
