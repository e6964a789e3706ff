import {join} from 'node:path';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {fireEvent, waitFor} from '@testing-library/preact';
import {getExtension} from '@shopify/ui-extensions-tester';
import {answering, close, i18nOf, open, problem} from '../../shared/testing.js';
import {sampleOrder, samplePoints, sampleSurvey} from '../../shared/samples.js';

const FOLDER = join(import.meta.dirname, '..');
const extension = getExtension('purchase.thank-you.block.render', {configSearchDir: import.meta.dirname});
const en = i18nOf(FOLDER, 'en');
const text = () => document.body.textContent;
const button = (label) => [...document.querySelectorAll('s-button')].find((each) => each.textContent === label);
const heading = (tone) => document.querySelector(`s-banner[tone=${tone}]`)?.getAttribute('heading');
const acts = (asked) => asked.filter(({method}) => method === 'POST').map(({path, body}) => [path, body]);

const order = (own = {}) => ({...sampleOrder(en, 'USD'), key: 'k1', ...own});
const bare = (own = {}) => order({code: null, tier: null, invitation: null, survey: null, ...own});
const waiting = bare({state: 'waiting', points: samplePoints(en, 42), about: true, available_on: null, text: 'About 42 points are on their way.'});
const guest = bare({text: 'This order earned 42 points.', claim: 'We send you an email. Open it to get your points.', code_by_email: true});
const done = (said) => ({key: 'k2', text: said, points: null, available: null});

/** Shows the page after an order, by what the app answers about it. */
async function show(answer, {more = {}, language = 'en', id = 'gid://shopify/Order/7', token = 'tok', before = () => {}} = {}) {
  open(extension, FOLDER, {language});
  extension.shopify.orderConfirmation.value = {order: {id}, isFirstOrder: true, number: 'A1'};
  extension.shopify.checkoutToken.value = token ?? undefined;
  before(extension.shopify);
  const asked = answering(extension, {'GET /orders/7': answer, ...more});
  await extension.render();
  return asked;
}

afterEach(() => close(extension));

describe('states', () => {
  test('member: points with their day, the code for the next order, the tier step, the invitation and the question', async () => {
    const asked = await show(order());
    expect(document.querySelector('s-skeleton-paragraph')).not.toBeNull();
    await waitFor(() => expect(text()).toContain('You earned 42 points. You can use them from Jan 31, 2030.'));
    expect(document.querySelector('s-section').getAttribute('heading')).toBe('Your rewards');
    expect(text()).toContain('For your next order, until Mar 5, 2030: $5.00 offNEXT-SAMPLECopy');
    expect([...document.querySelectorAll('s-clipboard-item')].map((each) => each.getAttribute('text'))).toEqual(['NEXT-SAMPLE', 'https://example.com/r/ANA']);
    expect(text()).toContain('Your tier: Silver120 points to Gold');
    expect(document.querySelector('s-progress').getAttribute('value')).toBe('76');
    expect(text()).toContain('Your friend gets $5.00 off the first order. You get 200 points.');
    expect([...document.querySelectorAll('s-link')].map((each) => each.getAttribute('href'))).toEqual([
      'https://wa.me/?text=Try%20this%20store%2C%20and%20get%20%245.00%20off%3A%20https%3A%2F%2Fexample.com%2Fr%2FANA',
      'mailto:?body=Try%20this%20store%2C%20and%20get%20%245.00%20off%3A%20https%3A%2F%2Fexample.com%2Fr%2FANA',
    ]);
    expect(document.querySelector('s-choice-list').getAttribute('label')).toBe('How likely are you to recommend us to a friend?');
    expect(asked).toHaveLength(1);
    expect(Object.fromEntries(asked[0].query)).toEqual({locale: 'en', currency: 'USD', checkout_token: 'tok'});
    expect(asked[0].headers.Authorization).toBe('Bearer mock-session-token');
  });

  test.each([['gid://shopify/OrderIdentity/7', 'tok'], ['gid://shopify/Order/7', null]])('an order named %s with token %s is asked for by its number', async (id, token) => {
    const asked = await show(bare(), {id, token});
    await waitFor(() => expect(text()).toContain('You earned 42 points.'));
    expect(asked[0].query.get('checkout_token')).toBe(token);
  });

  test('not there yet: about how much, then what it brought', async () => {
    vi.useFakeTimers();
    const answer = vi.fn().mockReturnValueOnce(waiting).mockReturnValueOnce(waiting).mockReturnValue(bare());
    const asked = await show(answer);
    await vi.advanceTimersByTimeAsync(100);
    expect(text()).toBe('About 42 points are on their way.');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(text()).toContain('You earned 42 points.');
    expect(asked).toHaveLength(3);
  });

  test('not there after eight seconds: where it will show, and no more questions', async () => {
    vi.useFakeTimers();
    const asked = await show(waiting);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(text()).toBe('About 42 points are on their way.We\'re still counting. You\'ll see the result in your account.');
    expect(asked).toHaveLength(5);
  });

  test('who leaves is asked for no more', async () => {
    vi.useFakeTimers();
    const asked = await show(waiting);
    await vi.advanceTimersByTimeAsync(1600);
    expect(asked).toHaveLength(2);
    close(extension);
    open(extension, FOLDER);
    vi.useFakeTimers();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(2);
  });

  test('empty: an order that earns nothing says why, and nothing else', async () => {
    await show(bare({points: samplePoints(en, 0), text: 'This order earned no points.', reasons: ['Orders of $80.00 or more earn points.'], available_on: null}));
    await waitFor(() => expect(text()).toBe('This order earned no points.How we countedOrders of $80.00 or more earn points.'));
    expect(document.querySelector('s-details').getAttribute('open')).toBeNull();
  });

  test('a code without a last day names none', async () => {
    await show(bare({code: {code: 'NEXT', brings: 'Free shipping', until: null}}));
    await waitFor(() => expect(text()).toContain('For your next order: Free shippingNEXT'));
  });

  test.each([
    [null, 'Your code for the next order'],
    [{date: '2030-03-05', text: 'Mar 5, 2030'}, 'Your code for the next order, until Mar 5, 2030'],
  ])('a code of which nobody knows what it brings is a code (last day: %j)', async (until, said) => {
    await show(bare({code: {code: 'NEXT', brings: '', until}}));
    await waitFor(() => expect(text()).toContain(`${said}NEXT`));
  });

  test('what keeps a tier and what reaches the next stand once each', async () => {
    const reach = {name: 'Gold', missing: '₱100', share: 76, text: '₱100 more to reach Gold.'};
    const keep = {name: 'Silver', missing: '₱50', share: 10, text: '₱50 more to keep Silver.'};
    await show(bare({tier: {name: 'Silver', benefits: [], reach, keep, until: null, news: []}}));
    await waitFor(() => expect(text()).toContain('Your tier: Silver₱50 more to keep Silver.₱100 more to reach Gold.'));
    expect(text().match(/reach Gold/g)).toHaveLength(1);
  });

  test.each([
    ['not launched', () => problem('not_launched', 403)],
    ['not this buyer\'s', () => problem('not_found', 404)],
  ])('%s: nothing is shown, and it is asked once', async (_, answer) => {
    const asked = await show(answer);
    await waitFor(() => expect(document.body.innerHTML).toBe(''));
    expect(asked).toHaveLength(1);
  });

  test.each([['down', () => problem('unavailable', 503)], ['out of reach', () => new TypeError('Failed to fetch')]])('%s all the time: nothing is shown', async (_, answer) => {
    vi.useFakeTimers();
    const asked = await show(answer);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(document.body.innerHTML).toBe('');
    expect(asked).toHaveLength(5);
  });

  test('an order without a number: nothing is asked', async () => {
    await show(bare(), {id: 'none'});
    await waitFor(() => expect(document.body.innerHTML).toBe(''));
  });

  test.each([['en', 'You earned 42 points.'], ['fil', 'Nakakuha ka ng 42 points.']])('editor in %s: an example whose buttons ask nothing', async (language, said) => {
    open(extension, FOLDER, {language, editor: true});
    const asked = answering(extension, {});
    await extension.render();
    expect(text()).toContain(said);
    const scores = document.querySelector('s-choice-list');
    scores.values = ['9'];
    fireEvent.change(scores);
    fireEvent.submit(document.querySelector('s-form'));
    await waitFor(() => expect(heading('success')).toBeTruthy());
    expect(asked).toEqual([]);
  });

  test('long names, and right to left: shown as they came', async () => {
    const name = 'Napakahabang antas '.repeat(12).trim();
    await show(bare({text: 'لقد ربحت ٤٢ نقطة', tier: {name, benefits: [], reach: null, keep: null, until: null, news: ['أهلا بك']}}));
    await waitFor(() => expect(text()).toContain('لقد ربحت ٤٢ نقطة'));
    expect(text()).toContain(`Your tier: ${name}أهلا بك`);
  });

  test('settings: a heading of the merchant\'s own', async () => {
    await show(bare(), {before: ({settings}) => (settings.value = {...settings.value, heading: 'Suki Club'})});
    await waitFor(() => expect(document.querySelector('s-section').getAttribute('heading')).toBe('Suki Club'));
  });
});

describe('a guest', () => {
  test('reads how to get the points, that the code is in the email, and no code', async () => {
    await show(guest);
    await waitFor(() => expect(text()).toBe(
      'This order earned 42 points.We send you an email. Open it to get your points.Send me the emailYour code for the next order is in your email.'));
    expect(document.querySelectorAll('s-clipboard-item, s-text-field, s-email-field')).toHaveLength(0);
  });

  test('claims by a button, once', async () => {
    const asked = await show(guest, {more: {'POST /claim': done('Look into your inbox.')}});
    await waitFor(() => expect(button('Send me the email')).toBeDefined());
    fireEvent.click(button('Send me the email'));
    fireEvent.click(button('Send me the email'));
    await waitFor(() => expect(heading('success')).toBe('Look into your inbox.'));
    expect(acts(asked)).toEqual([['/claim', {key: 'k1', order: 7, checkout_token: 'tok'}]]);
    expect(button('Send me the email')).toBeUndefined();
  });

  test.each([
    ['refused', () => problem('too_many', 429, 'Try again in an hour.'), 'Try again in an hour.'],
    ['offline', () => new TypeError('Failed to fetch'), 'We couldn\'t send it. Please try again.'],
  ])('%s: it is said, and can be tried again', async (_, answer, said) => {
    await show(guest, {more: {'POST /claim': answer}});
    await waitFor(() => expect(button('Send me the email')).toBeDefined());
    fireEvent.click(button('Send me the email'));
    await waitFor(() => expect(heading('critical')).toBe(said));
    expect(button('Send me the email')).toBeDefined();
  });

  test('is shown nothing where the merchant wants that', async () => {
    await show(guest, {before: ({settings}) => (settings.value = {...settings.value, hide_from_guests: true})});
    await waitFor(() => expect(document.body.innerHTML).toBe(''));
  });
});

describe('the question', () => {
  const score = (chosen) => {
    const scores = document.querySelector('s-choice-list');
    scores.values = [chosen];
    fireEvent.change(scores);
  };
  const send = () => fireEvent.submit(document.querySelector('s-form'));
  const shown = async (asked, more) => {
    const calls = await show(bare({survey: asked}), {more});
    await waitFor(() => expect(document.querySelector('s-form')).not.toBeNull());
    return calls;
  };

  test.each([
    ['nps', sampleSurvey(en), 11, '0, not at all likely', '10, extremely likely'],
    ['csat', sampleSurvey(en, {survey: 'csat', least: 1, most: 5, least_text: 'very unhappy', most_text: 'very happy'}), 5, '1, very unhappy', '5, very happy'],
  ])('%s: its whole scale, with words for both ends', async (_, asked, many, least, most) => {
    await shown(asked);
    const choices = [...document.querySelectorAll('s-choice')];
    expect(choices).toHaveLength(many);
    const label = (each) => each.getAttribute('accessibilitylabel') ?? each.accessibilityLabel;
    expect([label(choices[0]), label(choices[1]), label(choices.at(-1))]).toEqual([least, choices[1].textContent, most]);
    expect(text()).toContain('You get 20 points for any answer.');
  });

  test('is answered with a score and a remark, and thanked for', async () => {
    const asked = await shown(sampleSurvey(en), {'POST /survey': done('Thank you. You got 20 points.')});
    score('9');
    const remark = document.querySelector('s-text-area');
    remark.value = '  Fast delivery ';
    fireEvent.input(remark);
    await new Promise((resolve) => setTimeout(resolve, 0));
    send();
    send();
    await waitFor(() => expect(heading('success')).toBe('Thank you. You got 20 points.'));
    expect(acts(asked)).toEqual([['/survey', {key: 'k1', survey: 'nps', score: 9, comment: 'Fast delivery', order: 7, checkout_token: 'tok'}]]);
    expect(document.querySelector('s-form')).toBeNull();
  });

  test('a score of zero is an answer', async () => {
    const asked = await shown(sampleSurvey(en, {gives: null}), {'POST /survey': done('')});
    score('0');
    await new Promise((resolve) => setTimeout(resolve, 0));
    send();
    await waitFor(() => expect(heading('success')).toBe('Thank you for your answer.'));
    expect(acts(asked)[0][1].score).toBe(0);
  });

  test('without a score nothing is sent, and it is said at the field', async () => {
    const asked = await shown(sampleSurvey(en));
    send();
    await waitFor(() => expect(document.querySelector('s-choice-list').getAttribute('error')).toBe('Select a number.'));
    expect(acts(asked)).toEqual([]);
    score('3');
    await waitFor(() => expect(document.querySelector('s-choice-list').getAttribute('error')).toBeNull());
  });

  test.each([
    ['answered before', () => problem('answered', 409, 'You have answered already.'), 'You have answered already.'],
    ['offline', () => new TypeError('Failed to fetch'), 'We couldn\'t save your answer. Please try again.'],
  ])('%s: it is said, and the answer is still there', async (_, answer, said) => {
    await shown(sampleSurvey(en), {'POST /survey': answer});
    score('9');
    await new Promise((resolve) => setTimeout(resolve, 0));
    send();
    await waitFor(() => expect(heading('critical')).toBe(said));
    expect(document.querySelector('s-choice-list')).not.toBeNull();
  });
});

describe('copying', () => {
  test('says that it is copied', async () => {
    await show(order());
    await waitFor(() => expect(button('Copy')).toBeDefined());
    fireEvent(document.getElementById('next-code'), new Event('copy'));
    await waitFor(() => expect(button('Copied')).toBeDefined());
  });

  test('says where it can\'t, with the text there to be selected', async () => {
    await show(order());
    await waitFor(() => expect(button('Copy')).toBeDefined());
    fireEvent(document.getElementById('invitation'), new Event('CopyError')   /* a real element has it as a property, and then it's lower case */);
    await waitFor(() => expect(text()).toContain('We couldn\'t copy it. Select the text and copy it yourself.'));
    expect(text()).toContain('https://example.com/r/ANA');
  });
});
