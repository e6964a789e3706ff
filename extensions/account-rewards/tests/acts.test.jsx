// What a member does on the page: what is sent, what is said, and what is asked for anew.
import {join} from 'node:path';
import {fireEvent, waitFor} from '@testing-library/preact';
import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, expect, test, vi} from 'vitest';
import {answering, close, open, problem} from '../../shared/testing.js';
import {entry, held, me, member, open as opened, outside, points, reward, survey, table} from '../../shared/account/answers.js';
import {agree, control, press, put, said, words} from '../../shared/account/reading.js';
import {isOnSlider} from '../../shared/surface/slider.js';

const FOLDER = join(import.meta.dirname, '..');
const extension = getExtension('customer-account.page.render', {configSearchDir: import.meta.dirname});

/** @param {Record<string, unknown>} more */
async function shown(more) {
  open(extension, FOLDER);
  const asked = answering(extension, table(more));
  await extension.render();
  return asked;
}

/** @param {{method: string}[]} asked @returns {any[]} */
const sent = (asked) => asked.filter(({method}) => method === 'POST');

/** @param {object} [more] */
const redeemed = (more = {}) => ({key: 'key-2', held: held(more), available: points(140), text: '₱50 off is yours.'});

afterEach(() => {
  close(extension);
  vi.useRealTimers();
});

test('nothing is spent by opening the question, which says what happens', async () => {
  const asked = await shown({});
  await said('640 points');
  press('Rewards');
  await said('₱50 off');
  press('Redeem ₱50 off');
  for (const text of ['Spend 500 points? You have 640 points.', "You'll get your own code for one order.", 'Orders of ₱200 or more']) {
    expect(document.getElementById('redeem-r1')?.textContent).toContain(text);
  }
  expect(control('Redeem ₱50 off')?.getAttribute('commandfor')).toBe('redeem-r1');
  expect(sent(asked)).toEqual([]);
});

test('redeeming sends the reward by the key of the last answer, says what came of it, and asks anew', async () => {
  let balance = 640;
  const asked = await shown({
    'GET /me': () => me({member: member({available: points(balance)})}),
    'POST /redeem': () => { balance = 140; return redeemed(); },
  });
  await said('640 points');
  press('Rewards');
  await said('SUKI-7K3M');
  const before = asked.length;
  agree('redeem-r1');
  await said('₱50 off is yours.');
  await said('You have 140 points.');
  expect(sent(asked).map(({path, body}) => [path, body])).toEqual([['/redeem', {reward: 'r1', price: 500, offer: 'of-r1', key: expect.stringMatching(/^key-/)}]]);
  await waitFor(() => expect(asked.slice(before + 1).map(({path}) => path).sort()).toEqual(['/held', '/held', '/me', '/rewards']));
});

test('a reward that was withdrawn meanwhile is refused in the words of the app, and the list is asked for anew', async () => {
  let offered = [reward()];
  await shown({
    'GET /rewards': () => ({key: 'k', rewards: offered}),
    'POST /redeem': () => { offered = []; return problem('not_available', 404, "This reward isn't offered anymore. No points were spent."); },
  });
  await said('640 points');
  press('Rewards');
  await said('Redeem ₱50 off');
  agree('redeem-r1');
  await said("This reward isn't offered anymore. No points were spent.");
  await said('There are no rewards right now.');
});

test('without an answer the same click goes by the same key, so that nothing is spent twice', async () => {
  const keys = /** @type {string[]} */ ([]);
  await shown({'POST /redeem': (/** @type {any} */ {body}) => {
    keys.push(body.key);
    return keys.length === 1 ? new TypeError('Failed to fetch') : redeemed();
  }});
  await said('640 points');
  press('Rewards');
  await said('Redeem ₱50 off');
  agree('redeem-r1');
  await said("We couldn't connect.");
  agree('redeem-r1');
  await said('₱50 off is yours.');
  expect(keys.length).toBe(2);
  expect(keys[0]).toBe(keys[1]);
});

test('a page that was left open too long gets a new key and goes on', async () => {
  const keys = /** @type {string[]} */ ([]);
  let turn = 0;
  await shown({
    'GET /me': () => me({key: `key-me-${++turn}`}),
    'POST /redeem': (/** @type {any} */ {body}) => {
      keys.push(body.key);
      return keys.length === 1 ? problem('expired_page', 409, 'This page has expired.') : redeemed();
    },
  });
  await said('640 points');
  press('Rewards');
  await said('Redeem ₱50 off');
  agree('redeem-r1');
  await said('₱50 off is yours.');
  expect(new Set(keys).size).toBe(2);
});

test('a code that is still being made is looked for, and shown when it is there', async () => {
  vi.useFakeTimers({shouldAdvanceTime: true});
  let state = /** @type {import('../../shared/api').Held['state']} */ ('preparing');
  const asked = await shown({
    'GET /held': (/** @type {any} */ asking) => opened([held({state, code: state === 'ready' ? 'SUKI-NEW1' : null})])(asking),
    'GET /held/7': () => held({state}),
    'POST /redeem': () => redeemed({state: 'preparing', code: null}),
  });
  await said('640 points');
  press('Rewards');
  await said('Redeem ₱50 off');
  agree('redeem-r1');
  await said('Preparing');
  await vi.advanceTimersByTimeAsync(600);
  state = 'ready';
  await vi.advanceTimersByTimeAsync(600);
  await said('SUKI-NEW1');
  expect(asked.filter(({path}) => path === '/held/7').length).toBe(2);
});

test('the slider sends what was chosen, says what it brings, and takes nothing that does not fit', async () => {
  const slider = {least: 100, most: 600, step: 100, worth: {amount: '10', currency: 'PHP', text: '₱10.00'}};
  const asked = await shown({'GET /rewards': {key: 'k', rewards: [reward({slider})]}, 'POST /redeem': () => redeemed()});
  await said('640 points');
  press('Rewards');
  await said('You get 1 × ₱10.00');
  put('s-number-field', 'input', {value: '350'});
  await waitFor(() => expect(document.querySelector('s-number-field')?.getAttribute('error')).toBe('From 100 to 600, in steps of 100'));
  expect(document.querySelector('#redeem-r1 [slot=primary-action]')?.hasAttribute('disabled')).toBe(true);
  put('s-number-field', 'input', {value: '300'});
  await said('You get 3 × ₱10.00');
  agree('redeem-r1');
  await said('₱50 off is yours.');
  expect(sent(asked)[0].body).toEqual({reward: 'r1', price: 300, offer: 'of-r1', points: 300, key: expect.any(String)});
});

test.each([[0, false], [100, true], [150, false], [600, true], [700, false], [-100, false], [100.5, false], [Number.NaN, false]])(
  '%d on a slider from 100 to 600 in hundreds: %s', (chosen, fits) => {
    expect(isOnSlider(chosen, {least: 100, most: 600, step: 100, worth: {amount: '1', currency: 'PHP', text: '₱1'}})).toBe(fits);
  });

test('what cannot be redeemed now says why, and has no button', async () => {
  await shown({'GET /rewards': {key: 'k', rewards: [
    reward({usable: false, share: 40, why: {code: 'too_few', text: 'You need 300 points more.'}}),
  ]}});
  await said('640 points');
  press('Rewards');
  await said('You need 300 points more.');
  expect(control('Redeem ₱50 off')).toBeUndefined();
  expect(document.querySelector('s-progress')?.getAttribute('value')).toBe('40');
});

test('an own code is copied from its button, and a refused copy is said', async () => {
  await shown({});
  const toast = vi.spyOn(extension.shopify.toast, 'show');
  await said('640 points');
  press('Rewards');
  await said('SUKI-7K3M');
  const button = control('Copy the code for ₱50 off');
  expect([button?.getAttribute('command'), button?.getAttribute('commandfor')]).toEqual(['--copy', 'code-7']);
  const clipboard = /** @type {Element} */ (document.getElementById('code-7'));
  expect(clipboard.getAttribute('text')).toBe('SUKI-7K3M');
  fireEvent(clipboard, new Event('copy'));
  expect(toast).toHaveBeenCalledExactlyOnceWith('Copied');
});

test('a hidden code is explained and never shown; a link to it comes by email', async () => {
  const asked = await shown({
    'GET /held': opened([held({hidden: true, code: null, title: 'Gift card'})]),
    'POST /held/7/show': {key: 'k2', text: "We've emailed a link to your account's address.", points: null, available: null},
  });
  await said('640 points');
  press('Rewards');
  await said('To keep this code safe, we show it only after you confirm by email.');
  expect(document.querySelector('s-clipboard-item')).toBeNull();
  press('Email me a link to see Gift card');
  await said("We've emailed a link to your account's address.");
  expect(sent(asked).map(({path}) => path)).toEqual(['/held/7/show']);
});

test('a question that the shop asks is answered on the page, and its thanks stay', async () => {
  let open = true;
  const asked = await shown({
    'GET /me': () => me({survey: open ? survey({survey: 'csat', least: 1, most: 5, gives: null}) : null}),
    'POST /survey': () => { open = false; return {key: 'k2', text: 'Thank you.', points: null, available: null}; },
  });
  await said('Would you recommend us?');
  put('s-choice-list', 'change', {values: ['4']});
  const forms = document.querySelectorAll('s-form');
  fireEvent.submit(forms[forms.length - 1]);
  await said('Thank you.');
  await waitFor(() => expect(document.querySelector('s-choice-list')).toBeNull());
  expect(words()).toContain('Thank you.');
  expect(sent(asked)[0].body).toEqual({survey: 'csat', score: 4, comment: '', key: 'key-me'});
});

test('returning a code asks first, then gives the points back', async () => {
  let state = /** @type {import('../../shared/api').Held['state']} */ ('ready');
  const asked = await shown({
    'GET /held': (/** @type {any} */ {query}) => ({
      key: 'k', held: (query.get('only') === 'open') === (state === 'ready') ? [held({state, releasable: state === 'ready'})] : [], before: null,
    }),
    'POST /held/7/release': () => { state = 'returned'; return {...redeemed({state}), text: 'You got your points back.'}; },
  });
  await said('640 points');
  press('Rewards');
  await said('SUKI-7K3M');
  press('Return ₱50 off');
  expect(words()).toContain('The code will stop working, and 500 points will be available again.');
  expect(sent(asked)).toEqual([]);
  agree('release-7');
  await said('You got your points back.');
  await said('Returned');
  expect(sent(asked).map(({path, body}) => [path, Object.keys(body)])).toEqual([['/held/7/release', ['key']]]);
});

test('what can be used stands before the rewards, what is over after them and folded, and nothing is said twice', async () => {
  const own = (/** @type {any} */ more) => held({ends: null, text: '', more: '', code: null, releasable: false, usable: false, ...more});
  await shown({
    'GET /held': (/** @type {any} */ {query}) => ({key: 'k', before: null, held: query.get('only') === 'open' ? [held({text: 'For your next order'})] : [
      own({id: 1, title: 'Old', state: 'returned', text: 'Returned'}),
      own({id: 2, title: 'Broken', state: 'failed', text: 'We could not make it.', more: 'We could not make it.'}),
      own({id: 3, title: 'Late', state: 'expired', text: 'Expired'}),
    ]}),
  });
  await said('640 points');
  press('Rewards');
  await said('SUKI-7K3M');
  await said('Late');
  const sections = [...document.querySelectorAll('s-section')];
  expect(sections.map((section) => section.getAttribute('heading'))).toEqual(['Your codes', 'Rewards', null]);
  const folded = /** @type {Element} */ (sections[2].querySelector('s-details'));
  expect(folded.querySelector('s-summary')?.textContent).toBe('Past codes and rewards');
  expect([...folded.querySelectorAll('s-badge')].map((badge) => badge.textContent)).toEqual(['Returned', 'Failed', 'Expired']);
  expect(words().match(/Returned/g)).toHaveLength(1);
  expect(words().match(/We could not make it/g)).toHaveLength(1);
  expect(words().match(/Use it by/g)).toHaveLength(1);
  expect(words()).not.toContain('For your next order');
});

test('the list of codes and the history go back a page at a time', async () => {
  const asked = await shown({
    'GET /held': (/** @type {any} */ asking) => asking.query.get('before')
      ? opened([held({id: 2, code: 'SUKI-OLD1'})])(asking) : opened([held()], 7)(asking),
    'GET /entries': (/** @type {any} */ {query}) => query.get('before')
      ? {entries: [entry({id: 1, headline: 'Order #900'})], before: null} : {entries: [entry()], before: 3},
  });
  await said('640 points');
  press('Rewards');
  await said('SUKI-7K3M');
  press('Show earlier');
  await said('SUKI-OLD1');
  expect(words()).toContain('SUKI-7K3M');
  press('History');
  await said('1 point for every ₱10 of ₱420');
  press('Show earlier');
  await said('Order #900');
  expect(control('Show earlier')).toBeUndefined();
  expect(asked.filter(({query}) => query.get('before')).map(({path, query}) => [path, query.get('before'), query.get('locale')]))
    .toEqual([['/held', '7', 'en'], ['/entries', '3', 'en']]);
});

test('the history as a file is asked for, and opened by its own link', async () => {
  const asked = await shown({'POST /history-link': {url: 'https://loyalty.example.com/shopper/history.csv?pass=p'}});
  await said('640 points');
  press('History');
  await said('Prepare CSV');
  press('Prepare CSV');
  await said('Your file is ready. The link works for a few minutes.');
  expect(control('Download CSV')?.getAttribute('href')).toBe('https://loyalty.example.com/shopper/history.csv?pass=p');
  expect(sent(asked).length).toBe(1);
});

test('what can be done for points is done with one click; what happens elsewhere has its link', async () => {
  const way = {id: 'follow', kind: 'social', name: 'Follow us', gives: '20 points', state: 'open', text: '', link: 'https://social.example/sari'};
  const asked = await shown({
    'GET /activities': {key: 'k', orders: [], activities: [way, {...way, id: 'done', name: 'Newsletter', state: 'done', text: 'Done.', link: null}]},
    'POST /activities/follow': {key: 'k2', text: 'Thank you. You earned 20 points.', points: points(20), available: points(660)},
  });
  await said('640 points');
  press('Ways to earn');
  await said('Follow us');
  expect(control('Open: Follow us')?.getAttribute('href')).toBe(way.link);
  expect(control('Collect: Newsletter')).toBeUndefined();
  press('Collect: Follow us');
  await said('Thank you. You earned 20 points.');
  expect(sent(asked).map(({path}) => path)).toEqual(['/activities/follow']);
});

test("the shop's questions are answered where they are read, and a birthday leads to its form", async () => {
  const way = {
    id: 'about', kind: 'profile', name: 'About you', gives: '+15 points', state: 'asks', text: 'Answer a few questions about you.',
    link: 'https://sari.example/apps/suki/earn', asks_birthday: true,
    questions: [{question: 'Coffee or tea?', answer: ''}, {question: 'Cake?', answer: 'Yes'}],
  };
  const asked = await shown({
    'GET /activities': {key: 'k', orders: [], activities: [way]},
    'POST /profile': {key: 'k2', text: 'Thank you. You earned 15 points.', points: points(15), available: points(655)},
  });
  await said('640 points');
  press('Ways to earn');
  await said('About you');
  expect(control('Open: About you')).toBeUndefined();
  put('s-text-field[label="Coffee or tea?"]', 'input', {value: ' Tea '});
  fireEvent.submit(document.querySelector('s-form') ?? document.body);
  await said('Thank you. You earned 15 points.');
  expect(sent(asked).map(({path, body}) => [path, body.answers])).toEqual([
    ['/profile', [{question: 'Coffee or tea?', answer: 'Tea'}, {question: 'Cake?', answer: 'Yes'}]],
  ]);
  press('Add your birthday');
  await said('Month');
});

test('the invitation is copied, shared with its message, and scanned', async () => {
  await shown({});
  await said('640 points');
  press('Invite friends');
  await said('You both get ₱50 off.');
  expect(document.getElementById('invitation-link')?.getAttribute('text')).toBe('https://sari.example/a/1');
  expect(document.getElementById('invitation-code')?.getAttribute('text')).toBe('ANA');
  expect(document.querySelector('s-qr-code')?.getAttribute('content')).toBe('https://sari.example/a/1');
  const shared = 'Try%20Sari%20%26%20co%3A%20https%3A%2F%2Fsari.example%2Fa%2F1';
  expect(control('WhatsApp')?.getAttribute('href')).toBe(`https://wa.me/?text=${shared}`);
  expect(control('Email')?.getAttribute('href')).toBe(`mailto:?body=${shared}`);
  expect(control('Facebook')?.getAttribute('href')).toBe('https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fsari.example%2Fa%2F1');
});

test('a member who may not invite has no such part', async () => {
  await shown({'GET /me': me({member: member({invites: false})})});
  await said('640 points');
  expect(control('Invite friends')).toBeUndefined();
});

test('a birthday is saved as month and day, and a missing one is asked for', async () => {
  const asked = await shown({'POST /profile': {key: 'k2', text: "Thank you. We've saved your birthday.", points: null, available: null}});
  await said('640 points');
  press('Your details');
  await said('Day and month only. You can change it once a year.');
  fireEvent.submit(/** @type {Element} */ (document.querySelector('s-form')));
  await waitFor(() => expect(document.querySelector('s-number-field')?.getAttribute('error')).toBe('Select a month and enter a day.'));
  expect(sent(asked)).toEqual([]);
  put('s-select', 'change', {value: '2'});
  put('s-number-field', 'input', {value: '29'});
  fireEvent.submit(/** @type {Element} */ (document.querySelector('s-form')));
  await said("Thank you. We've saved your birthday.");
  expect(sent(asked).map(({path, body}) => [path, body])).toEqual([['/profile', {birthday: {month: 2, day: 29}, key: expect.any(String)}]]);
});

test('a birthday that may not change now is only shown', async () => {
  await shown({'GET /me': me({member: member({birthday: {month: 2, day: 29, text: '29 February'}, birthday_open: false})})});
  await said('640 points');
  press('Your details');
  await said('29 February');
  expect(words()).toContain("You can't change your birthday right now.");
  expect(document.querySelector('s-form')).toBeNull();
});

test('emails are switched off by one switch', async () => {
  const asked = await shown({'POST /profile': {key: 'k2', text: 'Saved.', points: null, available: null}});
  await said('640 points');
  press('Your details');
  await said('Send me emails about my points and rewards');
  put('s-switch', 'change', {checked: false});
  await said('Saved.');
  expect(sent(asked)[0].body).toEqual({emails: false, key: expect.any(String)});
});

test('leaving says what it means, and then only sends the email that confirms it', async () => {
  const asked = await shown({'POST /leave': {key: 'k2', text: "We've emailed you a link.", points: null, available: null}});
  await said('640 points');
  press('Your details');
  await said('Leave the programme');
  press('Leave the programme');
  expect(document.getElementById('leave')?.textContent).toContain("You keep your points but can't spend them");
  expect(sent(asked)).toEqual([]);
  agree('leave');
  await said("We've emailed you a link.");
  expect(sent(asked).map(({path}) => path)).toEqual(['/leave']);
  expect(control('Overview')).toBeDefined();
});

test.each([['unknown', 'Join'], ['left', 'Rejoin']])('whoever is %s comes in, and sees their points at once', async (state, button) => {
  let now = outside(/** @type {'unknown' | 'left'} */ (state));
  await shown({
    'GET /me': () => now,
    'POST /join': () => { now = me(); return {key: 'k2', text: 'Welcome.', points: null, available: points(640)}; },
  });
  await said(button);
  press(button);
  await said('640 points');
});

test('two clicks are one act', async () => {
  const asked = await shown({'GET /me': outside('unknown'), 'POST /join': () => new Promise(() => {})});
  await said('Join');
  press('Join');
  press('Join');
  await waitFor(() => expect(control('Join')?.hasAttribute('loading')).toBe(true));
  expect(sent(asked).length).toBe(1);
});

test('an address within the account opens its part of the page', async () => {
  open(extension, FOLDER);
  answering(extension, table());
  extension.navigation.currentEntry = {key: '1', url: 'extension:account-rewards/history', getState: () => undefined};
  await extension.render();
  await said('Your history as a file');
});
