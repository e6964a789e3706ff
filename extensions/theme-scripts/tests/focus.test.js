import {beforeEach, describe, expect, it, vi} from 'vitest';
import {answering, me, opened, page} from './stage.js';

const HELD = {'GET held': {held: []}, 'GET cart.js': {item_count: 0, items: []}};
const dialog = () => document.querySelector('[role=dialog]');
const toggled = (newState) => dialog().dispatchEvent(Object.assign(new Event('toggle'), {newState}));

/** Press Tab; true where the browser is left to go on by itself. */
function tab(shiftKey = false, more = {}) {
  return document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Tab', shiftKey, cancelable: true, bubbles: true, ...more}));
}

describe('Tab in the open panel', () => {
  let reachable;
  beforeEach(async () => {
    answering({...HELD, 'GET me': me()});
    await opened(page());
    reachable = [...dialog().querySelectorAll('a[href], button')].filter((one) => !one.hidden);
    expect(reachable.length).toBeGreaterThan(2);
  });

  it('goes on by itself between the first and the last', () => {
    for (const one of reachable.slice(0, -1)) {
      one.focus();
      expect(tab()).toBe(true);
    }
    for (const one of reachable.slice(1)) {
      one.focus();
      expect(tab(true)).toBe(true);
    }
  });

  it('goes round at both ends', () => {
    reachable.at(-1).focus();
    expect(tab()).toBe(false);
    expect(document.activeElement).toBe(reachable[0]);
    expect(tab(true)).toBe(false);
    expect(document.activeElement).toBe(reachable.at(-1));
  });

  it('begins at the heading, before which there is nothing', () => {
    dialog().querySelector('[data-title]').focus();
    expect(tab()).toBe(true);
    expect(tab(true)).toBe(false);
    expect(document.activeElement).toBe(reachable.at(-1));
  });

  it('goes back from the heading to what stands before it', () => {
    dialog().querySelector('[data-back]').hidden = false;
    dialog().querySelector('[data-title]').focus();
    expect(tab(true)).toBe(true);
  });

  it('comes in from a page that has the focus', () => {
    document.activeElement.blur();
    expect(tab()).toBe(false);
    expect(document.activeElement).toBe(reachable[0]);
  });

  it('passes over what cannot be pressed, and leaves other keys alone', () => {
    reachable.at(-1).disabled = true;
    reachable.at(-2).focus();
    expect(tab()).toBe(false);
    expect(document.activeElement).toBe(reachable[0]);
    for (const more of [{ctrlKey: true}, {altKey: true}, {metaKey: true}, {key: 'Enter'}]) {
      reachable.at(-2).focus();
      expect(tab(false, more)).toBe(true);
    }
  });

  it('is the page\'s own again once the panel is closed', () => {
    toggled('closed');
    document.querySelector('#out').focus();
    expect(tab()).toBe(true);
    expect(document.activeElement.id).toBe('out');
  });
});

describe('the focus', () => {
  beforeEach(() => answering({...HELD, 'GET me': me()}));

  it('comes back to the button, and to the link that opened the panel', async () => {
    const panel = page();
    await opened(panel);
    toggled('closed');
    expect(document.activeElement.hasAttribute('popovertarget')).toBe(true);
    document.querySelector('#out').click();
    toggled('closed');
    expect(document.activeElement.id).toBe('out');
  });

  it('stays where somebody has put it meanwhile', async () => {
    await opened(page());
    const other = document.body.appendChild(document.createElement('button'));
    other.focus();
    toggled('closed');
    expect(document.activeElement).toBe(other);
  });

  it('closes the panel when the theme takes it elsewhere, and within the panel does not', async () => {
    await opened(page());
    const closing = vi.fn();
    dialog().hidePopover = closing;
    dialog().querySelector('[data-body] button').focus();
    dialog().querySelector('[data-title]').focus();
    expect(closing).not.toHaveBeenCalled();
    document.querySelector('#out').focus();
    expect(closing).toHaveBeenCalledOnce();
  });

  it('is on the heading again when what had it is gone', async () => {
    const panel = page();
    await opened(panel);
    dialog().querySelector('[data-body] button').focus();
    await panel.show('');
    expect(document.activeElement).toBe(dialog().querySelector('[data-title]'));
  });

  it('says to a screen reader that the page behind waits', () => {
    page();
    expect(dialog().getAttribute('aria-modal')).toBe('true');
  });
});
