// What a reader has put in: the events of the surfaces' elements do not say which element they are of.

/**
 * @param {{currentTarget: unknown}} event
 * @returns {{value?: string, values?: string[], checked?: boolean, pressed?: boolean}}
 */
export const fieldOf = (event) => /** @type {any} */ (event.currentTarget);
