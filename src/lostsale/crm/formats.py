"""How programs export deals, as data from the vendors' documents and public files."""

from collections.abc import Mapping
from typing import NamedTuple

YES = "true|yes|y|1|x|ja|wahr|oui|vrai|si|sí|verdadero"
NO = "false|no|n|0|nein|falsch|non|faux|falso"
LOST = {"status": ".*lost.*"}
_CLOSED_LOST = {"status": "lost|.*closed.*lost.*"}

Condition = Mapping[str, str]  # by field, the pattern that its whole cell must match


class Format(NamedTuple):
    """How one program exports deals.

    A file is the program's if it has all headers of one of the `signatures`. `columns` has, for
    each field, the headers that may hold it, the best first; one with a star is a guess. Headers
    are written as `columns.plain_header` makes them. A row is lost if it meets all of one condition
    of `lost`, and not all of one of `not_lost`. Where a file without a status may be a view of lost
    deals only, `view` has the conditions of rows that aren't lost.
    """

    name: str
    signatures: tuple[frozenset[str], ...]
    columns: Mapping[str, tuple[str, ...]]
    lost: tuple[Condition, ...] = (LOST,)
    not_lost: tuple[Condition, ...] = ()
    view: tuple[Condition, ...] | None = None


# Lines of a report that aren't deals: below them, and between its groups.
FOOTER = r"(?i)grand totals?\b|confidential information\b|copyright\b|.*\([0-9,]+ records?\)$"


def _split(**headers: str) -> dict[str, tuple[str, ...]]:
    return {field: tuple(text.split()) for field, text in headers.items()}


# Of unknown programs. The first of these headers that a file has counts.
_COLUMNS = _split(
    record="recordid dealid opportunityid oppid leadid id",
    status=(
        "outcome dealoutcome result status dealstatus statuslabel opportunitystatus stage dealstage"
        " stagename salesstage opportunitystage pipelinestage *outcome* *status* *stage*"
    ),
    lost_on=(
        "lostdate datelost losttime loston lostat closedate closeddate dateclosed closedon closedat"
        " closingdate actualclosedate dealclosedon closetime *lost*date* *date*lost* *clos*date*"
        " *date*clos* *clos*time*"
    ),
    prospect=(
        "prospect account accountname company companyname organization organizationname"
        " organisation customer customername client clientname leadname dealname opportunityname"
        " opportunity deal dealtitle title firma kunde unternehmen entreprise empresa cliente"
        " azienda name"
    ),
    contact="contact contactname contactperson primarycontact ansprechpartner",
    email="email emailaddress contactemail",
    phone="phone phonenumber contactphone telephone telefon mobile",
    product="product productname products produkt produit producto",
    amount=(
        "amount dealamount totalamount value dealvalue closevalue betrag wert auftragswert montant"
        " importe valor importo revenue expectedrevenue estrevenue estimatedrevenue totalvalue"
        " *amount* *value* *revenue*"
    ),
    currency="currency currencycode currencyisocode dealcurrency währung devise moneda valuta",
    guess=(
        "lossreason lostreason closedlostreason reasonforloss reasonlost grund verlustgrund motif"
        " motivo reason *reason*"
    ),
    lost_to="competitor competitorname maincompetitor lostto",
    stage="lostatstage stagelost stagewhenlost laststage",
    note="description note notes comment comments",
    is_lost="isclosedlost islost lost",
)
UNKNOWN_PROGRAM = Format(
    name="CSV", signatures=(frozenset(),), columns=_COLUMNS, lost=(LOST, {"is_lost": YES})
)


def _headers(*sets: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(headers.split()) for headers in sets)


def _columns(**own: str) -> dict[str, tuple[str, ...]]:
    """Return the columns of a program: its own headers, and the usual ones of other fields."""
    usual = {
        field: tuple(header for header in headers if "*" not in header)
        for field, headers in _COLUMNS.items()
        if field != "is_lost"
    }
    return usual | _split(**own)


FORMATS = (
    Format(
        name="HubSpot",
        signatures=_headers(
            "recordid dealname dealstage",
            "dealid dealname dealstage",
            "dealname dealstage closedate",
        ),
        columns=_columns(
            record="recordid dealid hsobjectid",
            status="dealstage",
            is_lost="isclosedlost hsisclosedlost",
            lost_on="closedate",
            prospect=(
                "associatedcompany associatedcompanyprimary company companyname primarycompany"
                " dealname"
            ),
            contact="associatedcontact contact",
            amount="amount amountincompanycurrency",
            currency="currency dealcurrencycode dealcurrency",
            guess="closedlostreason",
            note="dealdescription description",
        ),
        lost=({"is_lost": YES}, _CLOSED_LOST),
    ),
    Format(
        name="Pipedrive",
        signatures=_headers(
            "dealtitle dealstatus",
            "dealtitle deallosttime",
            "title status losttime",
            "title status lostreason",
        ),
        columns=_columns(
            record="dealid id",
            status="dealstatus status",
            lost_on="deallosttime losttime dealdealclosedon dealclosedon",
            prospect="dealorganization organization dealtitle title",
            contact="dealcontactperson contactperson",
            email="personemail email",
            phone="personphone phone",
            product="dealproductname productname product",
            amount="dealvalue value",
            currency="dealcurrencyofvalue currencyofvalue dealcurrency currency",
            guess="deallostreason lostreason",
            stage="dealstage stage",
        ),
        lost=({"status": "lost"},),
    ),
    Format(
        name="Zoho",
        signatures=_headers("recordid dealname stage closingdate", "dealname stage closingdate"),
        columns=_columns(
            record="recordid",
            status="stage",
            lost_on="closingdate modifiedtime",
            prospect="accountname dealname",
            contact="contactname",
            amount="amount",
            guess="reasonforloss",
        ),
    ),
    Format(
        name="Odoo",
        signatures=_headers(
            "opportunity expectedrevenue lostreason",
            "opportunity expectedrevenue active probability",
        ),
        columns=_columns(
            record="externalid id",
            status="",
            active="active",
            probability="probability",
            lost_on="closeddate dateclosed",
            prospect="customer companyname partnername opportunity",
            contact="contactname",
            amount="expectedrevenue",
            guess="lostreason",
            stage="stage",
            note="notes",
        ),
        lost=({"active": NO, "probability": "0(?:[.,]0*)? ?%?"}, {"guess": ".+"}),
        # One that was taken up again, or won, may still carry a reason.
        not_lost=(
            {"active": YES, "probability": ".*[1-9].*"},
            {"probability": "100(?:[.,]0*)? ?%?"},
        ),
    ),
    Format(
        name="Close",
        signatures=_headers("leadname statustype value", "leadname statuslabel datelost"),
        columns=_columns(
            record="id",
            status="statustype statuslabel",
            lost_on="datelost",
            prospect="leadname",
            contact="contactname",
            amount="valueformatted",
            cents="value",
            currency="valuecurrency",
            guess="lossreason lostreason note",
            note="",
        ),
    ),
    Format(
        name="Dynamics",
        signatures=_headers(
            "topic potentialcustomer estrevenue",
            "topic potentialcustomer actualclosedate",
            "topic potentialcustomer statusreason",
        ),
        columns=_columns(
            record="donotmodifyopportunity opportunity opportunityid",
            status="status",
            lost_on="actualclosedate",
            prospect="potentialcustomer account topic",
            contact="contact",
            amount="estrevenue actualrevenue",
            guess="statusreason description",
            lost_to="competitor",
            note="description",
        ),
        view=({"guess": "in progress|on hold|won"},),
    ),
    Format(
        name="Salesforce",
        signatures=_headers("opportunityname stage", "name stagename closedate"),
        columns=_columns(
            record="opportunityid id",
            status="stage stagename",
            lost_on="closedate",
            prospect="accountname account opportunityname name",
            contact="primarycontact contactname",
            amount="amount totalamount",
            currency="amountcurrency totalamountcurrency currencyisocode opportunitycurrency",
            guess="closedlostreason lossreason lostreason",
            lost_to="maincompetitor maincompetitors competitor",
            product="productname product",
        ),
        lost=(_CLOSED_LOST,),
    ),
    UNKNOWN_PROGRAM,
)
DEAL_FIELDS = tuple(
    dict.fromkeys(field for form in (UNKNOWN_PROGRAM, *FORMATS) for field in form.columns)
)
