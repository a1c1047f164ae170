"""Checks a FOCUS file against rules of FOCUS 1.0 to 1.2, with nothing but Python's own modules.

    focus_check.py FILE SUM     SUM is what BilledCost must add up to
"""

import csv
import json
import re
import sys
from decimal import Decimal

REQUIRED_1_0 = """
AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd
BillingPeriodStart ChargeCategory ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd
ChargePeriodStart CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName
CommitmentDiscountStatus CommitmentDiscountType ConsumedQuantity ConsumedUnit ContractedCost
ContractedUnitPrice EffectiveCost InvoiceIssuerName ListCost ListUnitPrice PricingCategory
PricingQuantity PricingUnit ProviderName PublisherName RegionId RegionName ResourceId ResourceName
ResourceType ServiceCategory ServiceName SkuId SkuPriceId SubAccountId SubAccountName Tags
""".split()
NOT_NULL = """
BilledCost BillingAccountId BillingAccountName BillingAccountType BillingCurrency BillingPeriodEnd
BillingPeriodStart ChargeCategory ChargeFrequency ChargePeriodEnd ChargePeriodStart ContractedCost
EffectiveCost InvoiceIssuerName ListCost ProviderName PublisherName ServiceCategory ServiceName
ServiceSubcategory
""".split()
NOT_NULL_UNLESS_CORRECTION = """
ContractedUnitPrice ListUnitPrice PricingCategory PricingQuantity PricingUnit SkuId SkuPriceId
ConsumedQuantity ConsumedUnit
""".split()
COSTS = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"]
DECIMAL = re.compile(r"-?\d+(\.\d+)?")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

path, expected = sys.argv[1:]
with open(path, newline="", encoding="utf-8") as file:
    reader = csv.DictReader(file, strict=True)
    rows = list(reader)
    columns = reader.fieldnames

assert len(columns) == len(set(columns)), "a column is there twice"
missing = set(REQUIRED_1_0 + NOT_NULL) - set(columns)
assert not missing, f"columns are missing: {missing}"
custom = [name for name in columns if name.startswith("x_")]
assert custom == columns[-len(custom):], "custom columns stand behind the others"

total = Decimal(0)
for number, row in enumerate(rows, 2):
    where = f"row {number}"
    assert None not in row and None not in row.values(), f"{where} has another number of cells"
    is_correction = row["ChargeClass"] == "Correction" or row["ChargeCategory"] == "Adjustment"
    assert row["ChargeClass"] in ("", "Correction"), where
    for name in NOT_NULL + ([] if is_correction else NOT_NULL_UNLESS_CORRECTION):
        assert row[name] != "", f"{where}: {name} is empty"
    for name in COSTS:
        assert DECIMAL.fullmatch(row[name]), f"{where}: {name} is {row[name]}"
        # Without discounts they differ by less than the rounding of a charge.
        assert abs(Decimal(row[name]) - Decimal(row["BilledCost"])) <= Decimal("1e-12"), where
    for name in ["PricingQuantity", "ConsumedQuantity", "ListUnitPrice", "ContractedUnitPrice"]:
        assert row[name] == "" or DECIMAL.fullmatch(row[name]), f"{where}: {name}"
    for name in columns:
        if name.endswith("PeriodStart") or name.endswith("PeriodEnd"):
            assert TIME.fullmatch(row[name]), f"{where}: {name} is {row[name]}"
    assert row["BillingPeriodStart"] < row["BillingPeriodEnd"], where
    assert row["ChargePeriodStart"] < row["ChargePeriodEnd"], where
    assert row["BillingPeriodStart"].endswith("-01T00:00:00Z"), where
    if not is_correction:
        assert row["BillingPeriodStart"] <= row["ChargePeriodStart"] < row["BillingPeriodEnd"], where
        price = Decimal(row["ListUnitPrice"])
        assert price >= 0 and price * Decimal(row["PricingQuantity"]) == Decimal(row["ListCost"])
    assert row["BillingCurrency"] == "USD", where
    assert row["ChargeCategory"] in ("Usage", "Adjustment"), where
    assert row["ServiceCategory"] == "AI and Machine Learning", where
    assert row["PricingCategory"] in ("Standard", "Dynamic", "Committed", "Other"), where
    assert (row["SubAccountId"] == "") == (row["SubAccountType"] == ""), where
    assert (row["RegionId"] == "") == (row["RegionName"] == ""), where
    assert (row["ConsumedQuantity"] == "") == (row["ConsumedUnit"] == ""), where
    tags = json.loads(row["Tags"])
    assert all(isinstance(value, str) for value in tags.values()), where
    assert row["x_PriceState"] in ("priced", "unpriced"), where
    assert (row["x_PriceState"] == "unpriced") == (row["x_UnpricedReason"] != ""), where
    total += Decimal(row["BilledCost"])

assert total == Decimal(expected), f"the costs add up to {total}, not {expected}"
odd = [row for row in rows if json.loads(row["Tags"]).get("team") == "=1+1"]
assert len({row["x_ChargeId"] for row in odd}) == 1, odd
assert all(row["SubAccountName"] == 'a "quoted", name\nof two lines' for row in odd), odd
charges = {row["x_ChargeId"] for row in rows}
print(f"{len(charges)} charges, {len(rows)} rows, {len(columns)} columns, {total} USD")
