/** What every Liquid storefront has, as far as we use it. Source: shopify.dev, "Storefront events and actions". */
interface Window {
  Shopify?: {
    routes?: {root?: string};
    actions?: {
      getCart(): Promise<{cart: any}>;
      updateCart(wanted: {discountCodes: string[]}): Promise<{cart: any; userErrors: unknown[]}>;
    };
  };
}
