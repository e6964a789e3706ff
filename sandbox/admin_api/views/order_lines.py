"""What stands on an order as the GraphQL API shows it: lines, discounts, taxes, shipping, and every amount."""

from __future__ import annotations

from sandbox.admin_api.views.goods import product_view, variant_of
from sandbox.shop import money, sums
from sandbox.state import Record, Shop


def money_view(minor: int, currency: str) -> Record:
    """A MoneyV2."""
    return {"amount": money.graph(minor, currency), "currencyCode": currency}


def bag(order: Record, minor: int) -> Record:
    """A MoneyBag."""
    return {
        "shopMoney": money_view(minor, order["currency"]),
        "presentmentMoney": money_view(*sums.presented(order, minor)),
    }


def applications_of(order: Record) -> list[Record]:
    """Which codes were applied, in their order."""
    return [{**one, "id": index, "index": index} for index, one in enumerate(order["applications"])]


def application_view(order: Record, one: Record) -> Record:
    """A DiscountCodeApplication."""
    percent = one["value_type"] == "percentage"
    value = {"__typename": "PricingPercentageValue", "percentage": float(one["value"])}
    if not percent:
        amount = money.to_minor(one["value"], order["currency"])
        value = {"__typename": "MoneyV2", **money_view(amount, order["currency"])}
    return {
        "__typename": "DiscountCodeApplication", "allocationMethod": "ACROSS", "index": one["index"],
        "targetSelection": "ALL", "targetType": one["target_type"].upper(), "value": value,
        "code": one["code"],
    }  # fmt: skip


def line_view(shop: Shop, order: Record, line: Record) -> Record:
    """A LineItem. The price before taxes is of what is left of the line."""
    units, left = line["quantity"], sums.current(line)
    net = sums.line_net(line, left)
    if order["taxes_included"]:
        net -= sums.line_tax(order, line, left)
    applications = applications_of(order)
    return {
        "__typename": "LineItem", "id": f"gid://shopify/LineItem/{line['id']}", "name": line["name"],
        "title": line["title"], "variantTitle": line["variant_title"], "sku": line["sku"],
        "vendor": line["vendor"],
        "quantity": units, "currentQuantity": left, "refundableQuantity": left,
        "unfulfilledQuantity": 0 if order["fulfilled_at"] else left, "isGiftCard": line["gift_card"],
        "taxable": line["taxable"], "requiresShipping": not line["gift_card"], "customAttributes": [],
        "product": lambda *_: product_view(shop, shop.product.get(line["product_id"])),
        "sellingPlan": {"name": line["selling_plan"], "sellingPlanId": None} if line.get("selling_plan") else None,
        "variant": lambda *_: variant_of(shop, line), "originalUnitPriceSet": bag(order, line["price"]),
        "originalTotalSet": bag(order, line["price"] * units),
        "discountedUnitPriceSet": bag(order, line["price"]),
        "discountedTotalSet": lambda _info, withCodeDiscounts=False: bag(
            order, sums.line_net(line, units) if withCodeDiscounts else line["price"] * units
        ),
        "discountedUnitPriceAfterAllDiscountsSet": bag(order, sums.line_net(line, units) // units if units else 0),
        "totalDiscountSet": bag(order, 0), "priceAfterAllDiscountsBeforeTaxesSet": bag(order, net),
        "discountAllocations": [
            {
                "allocatedAmountSet": bag(order, part["amount"]),
                "discountApplication": application_view(order, applications[part["index"]]),
            }
            for part in line["allocations"]
        ],
        "taxLines": lambda *_, **__: (
            tax_views(order, sums.line_tax(order, line, units)) if line["taxable"] else []
        ),
    }  # fmt: skip


def tax_views(order: Record, amount: int) -> list[Record]:
    """TaxLines: one or none."""
    if not amount:
        return []
    rate = float(order["tax_rate"])
    return [
        {
            "title": order["tax_title"], "rate": rate, "ratePercentage": rate * 100, "priceSet": bag(order, amount),
            "channelLiable": False,
        }
    ]  # fmt: skip


def shipping_view(order: Record, parcel: Record) -> Record:
    """A ShippingLine."""
    return {
        "id": f"gid://shopify/ShippingLine/{parcel['id']}", "title": parcel["title"],
        "code": parcel["title"],
        "originalPriceSet": bag(order, parcel["price"]), "isRemoved": bool(parcel.get("removed")),
        "taxLines": tax_views(order, sums.parcel_tax(order, parcel)),
        "discountedPriceSet": bag(order, sums.parcel_paid(parcel)), "discountAllocations": [],
        "currentDiscountedPriceSet": bag(order, sums.parcel_left(order, parcel)),
    }  # fmt: skip
