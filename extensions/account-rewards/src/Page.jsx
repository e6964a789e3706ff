// The rewards page of the customer account: everything a member can see and do.
import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {createParts} from '../../shared/surface/parts.js';
import {Asked, isNotLaunched} from '../../shared/account/Asked.jsx';
import {Outside} from './Outside.jsx';
import {Tabs} from './Tabs.jsx';
import {talkOfPage} from '../../shared/account/talk.js';
import {t} from '../../shared/surface/words.js';

export default async () => {
  const talk = talkOfPage();
  render(<Page talk={talk} parts={createParts(talk)} />, document.body);
};

/** @param {import('../../shared/surface/parts.js').Told} told */
function Page({talk, parts}) {
  const me = parts.part('/me');
  if (isNotLaunched(me.value)) return null;
  return (
    <s-page heading={t('page.title')}>
      <Asked part={me} again={() => parts.again('/me')}>
        {(/** @type {import('../../shared/api').Me} */ answer) =>
          answer.state === 'member' && answer.member
            ? <Tabs me={answer} member={answer.member} talk={talk} parts={parts} />
            : <Outside me={answer} talk={talk} parts={parts} />}
      </Asked>
    </s-page>
  );
}
