/** Whether this checkout lets us enter and take out codes; draft orders don't, for example. */
export const canChange = () => shopify.instructions.value.discounts.canUpdateDiscountCodes;
