// Where the rewards page is within the customer account.

/** The full page of the extension account-rewards. */
export const REWARDS_PAGE = 'extension:account-rewards/';
