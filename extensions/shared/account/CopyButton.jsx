// Copies a text, and says so; where copying is forbidden, says that, for the text itself stands beside it.
import {t} from '../surface/words.js';

/** @param {{id: string, text: string, label: string, says?: string}} copied `says`: on the button, where nothing beside it tells what is copied */
export function CopyButton({id, text, label, says}) {
  return (
    <>
      <s-button variant="secondary" command="--copy" commandFor={id} accessibilityLabel={label}>{says ?? t('copy.copy')}</s-button>
      <s-clipboard-item
        id={id}
        text={text}
        onCopy={() => void shopify.toast.show(t('copy.done'))}
        onCopyError={() => void shopify.toast.show(t('copy.failed'))}
      />
    </>
  );
}
