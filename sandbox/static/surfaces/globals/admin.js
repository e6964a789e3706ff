// Blocks and actions of the admin's customer and order pages.
import { storage } from './shared.js';

function shared({ shopify, wire, told }) {
  return Object.assign(shopify, {
    auth: { idToken: () => wire.ask('token') },
    storage: storage(wire, told),
    query: async (query, options) => wire.ask('query', query, options),
    navigation: { navigate: (url) => { wire.ask('navigate', url, {}); } },
    intents: { launchUrl: null, invoke: async () => ({ complete: Promise.resolve({ code: 'closed' }) }) },
    resourcePicker: async () => undefined,
    picker: async () => ({ selected: Promise.resolve(undefined) }),
  });
}

export const adminBlock = { joinsPaths: true, signals: [], more: shared };

export const adminAction = {
  joinsPaths: true,
  signals: [],
  more(frame) { return Object.assign(shared(frame), { close: () => { frame.wire.ask('close'); } }); },
};
