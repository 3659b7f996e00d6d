# ruff: noqa: E501, RUF001 - the tables are as wide as exports are, and in other letters
"""Exports of many programs and in many languages, as text and as workbooks: each has the same two
lost deals among others, and nothing has to be said about any. All of them are synthetic."""

import csv
import gzip
import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from test_questions import ended

# What is lost in each: the day, the amount and its currency.
TRUTH = [("2026-02-10", "12000.00"), ("2026-03-04", "5500.50")]


def table(text, delimiter=","):
    """Return the rows of a table that is written with bars between its cells."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.fixture
def taken(run, tmp_path):
    """Import a file of this content, and return what it says and the losses, the earliest first."""

    def taken(content, name="deals.csv", options=()):
        path = tmp_path / name
        if isinstance(content, Workbook):
            content.save(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        found = run(["import", str(path), "--json", *options]).json["import"]
        losses = run("list --json").json["losses"]
        return found, sorted(losses, key=lambda loss: loss["lost_on"])

    return taken


# name: (delimiter, currency, prospects, words of the reasons, table)
DIALECTS = {
    "German, homemade": (
        ";",
        "EUR",
        ["Alpha GmbH", "Beta & Sohn"],
        ["Zu teuer", "Kein Budget"],
        """
        Nr.|Kunde|Ansprechpartner|Status|Angebotssumme (€)|Angebot vom|Entscheidung am|Absagegrund
        1|Alpha GmbH|Ana|verloren|12.000,00|05.01.2026|10.02.2026|Zu teuer
        2|Beta & Sohn|Bert|verloren|5.500,50|06.01.2026|04.03.2026|Kein Budget
        3|Gamma|Cora|gewonnen|8.000,00|07.01.2026|20.02.2026|
        4|Delta|Dora|offen|4.200,00|08.01.2026||
        """,
    ),
    "French": (
        ";",
        "EUR",
        ["Alpha SARL", "Bêta SA"],
        ["Trop cher", "Pas de budget"],
        """
        Nom de l'affaire|Compte|Étape|Montant (EUR)|Date de création|Date de clôture|Motif de perte
        Projet A|Alpha SARL|Fermée perdue|12 000,00|05/01/2026|10/02/2026|Trop cher
        Projet B|Bêta SA|Fermée perdue|5 500,50|06/01/2026|04/03/2026|Pas de budget
        Projet C|Gamma|Fermée gagnée|8 000,00|07/01/2026|20/02/2026|
        Projet D|Delta|Négociation|4 200,00|08/01/2026|30/04/2026|
        """,
    ),
    "Spanish": (
        ",",
        "USD",
        ["Alpha SA", "Beta SL"],
        ["Precio", "Sin presupuesto"],
        """
        ID|Nombre del negocio|Empresa|Etapa|Importe|Moneda|Fecha de creación|Fecha de cierre|Motivo de pérdida
        1|Proyecto A|Alpha SA|Cerrada perdida|12000|USD|2026-01-05|2026-02-10|Precio
        2|Proyecto B|Beta SL|Cerrada perdida|5500.5|USD|2026-01-06|2026-03-04|Sin presupuesto
        3|Proyecto C|Gamma|Cerrada ganada|8000|USD|2026-01-07|2026-02-20|
        4|Proyecto D|Delta|Propuesta|4200|USD|2026-01-08||
        """,
    ),
    "Portuguese": (
        ";",
        "BRL",
        ["Alpha Ltda", "Beta SA"],
        ["Preço", "Concorrente"],
        """
        Cliente|Status|Valor (R$)|Data de criação|Data de fechamento|Motivo da perda
        Alpha Ltda|Perdido|R$ 12.000,00|05/01/2026|10/02/2026|Preço
        Beta SA|Perdido|R$ 5.500,50|06/01/2026|04/03/2026|Concorrente
        Gamma|Ganho|R$ 8.000,00|07/01/2026|20/02/2026|
        Delta|Em andamento|R$ 4.200,00|08/01/2026||
        """,
    ),
    "Italian": (
        ";",
        "EUR",
        ["Alpha Srl", "Beta SpA"],
        ["Prezzo troppo alto", "Rinviato"],
        """
        Trattativa|Azienda|Fase|Importo|Valuta|Creato il|Data chiusura prevista|Chiusa il|Motivo perdita
        A|Alpha Srl|Chiusa persa|12.000,00|EUR|05/01/2026|31/03/2026|10/02/2026|Prezzo troppo alto
        B|Beta SpA|Chiusa persa|5.500,50|EUR|06/01/2026|31/03/2026|04/03/2026|Rinviato
        C|Gamma|Chiusa vinta|8.000,00|EUR|07/01/2026|31/03/2026|20/02/2026|
        D|Delta|Proposta|4.200,00|EUR|08/01/2026|31/05/2026||
        """,
    ),
    "Dutch": (
        ";",
        "EUR",
        ["Alfa BV", "Beta NV"],
        ["Te duur", "Geen budget"],
        """
        Klant|Status|Bedrag €|Aangemaakt op|Gesloten op|Laatst gewijzigd|Reden
        Alfa BV|Verloren|12.000,00|05-01-2026|10-02-2026|28-03-2026|Te duur
        Beta NV|Verloren|5.500,50|06-01-2026|04-03-2026|28-03-2026|Geen budget
        Gamma|Gewonnen|8.000,00|07-01-2026|20-02-2026|28-03-2026|
        Delta|Open|4.200,00|08-01-2026||28-03-2026|
        """,
    ),
    "Polish": (
        ";",
        "PLN",
        ["Alfa sp. z o.o.", "Beta SA"],
        ["Za drogo", "Brak budżetu"],
        """
        Szansa|Klient|Etap|Wartość|Waluta|Data utworzenia|Data zamknięcia|Powód przegranej
        A|Alfa sp. z o.o.|Przegrana|12 000,00|PLN|05.01.2026|10.02.2026|Za drogo
        B|Beta SA|Przegrana|5 500,50|PLN|06.01.2026|04.03.2026|Brak budżetu
        C|Gamma|Wygrana|8 000,00|PLN|07.01.2026|20.02.2026|
        D|Delta|Oferta|4 200,00|PLN|08.01.2026||
        """,
    ),
    "Russian, Bitrix24": (
        ";",
        "RUB",
        ["Альфа", "Бета"],
        ["Дорого", "Нет бюджета"],
        """
        ID|Название сделки|Компания|Стадия сделки|Сумма|Валюта|Дата начала|Предполагаемая дата закрытия|Дата завершения|Причина отказа
        1|А|Альфа|Сделка провалена|12000.00|RUB|05.01.2026|30.04.2026|10.02.2026|Дорого
        2|Б|Бета|Сделка провалена|5500.50|RUB|06.01.2026|30.04.2026|04.03.2026|Нет бюджета
        3|В|Гамма|Сделка успешна|8000.00|RUB|07.01.2026|30.04.2026|20.02.2026|
        4|Г|Дельта|В работе|4200.00|RUB|08.01.2026|30.04.2026||
        """,
    ),
    "Japanese": (
        ",",
        "JPY",
        ["アルファ株式会社", "ベータ社"],
        ["価格", "予算なし"],
        """
        商談名|取引先名|フェーズ|金額|通貨|作成日|完了予定日|失注日|失注理由
        A案件|アルファ株式会社|失注|¥12,000|JPY|2026年01月05日|2026年04月30日|2026年02月10日|価格
        B案件|ベータ社|失注|¥5,500|JPY|2026年01月06日|2026年04月30日|2026年03月04日|予算なし
        C案件|ガンマ|受注|¥8,000|JPY|2026年01月07日|2026年04月30日||
        D案件|デルタ|提案|¥4,200|JPY|2026年01月08日|2026年04月30日||
        """,
    ),
    "Chinese": (
        ",",
        "CNY",
        ["阿尔法公司", "贝塔公司"],
        ["价格太高", "没有预算"],
        """
        商机名称|客户名称|销售阶段|商机金额(CNY)|创建时间|预计成交日期|结单日期|输单原因
        A|阿尔法公司|输单|12000|2026-01-05 10:00|2026-04-30|2026-02-10|价格太高
        B|贝塔公司|输单|5500.5|2026-01-06 10:00|2026-04-30|2026-03-04|没有预算
        C|伽马公司|赢单|8000|2026-01-07 10:00|2026-04-30|2026-02-20|
        D|德尔塔|初步接洽|4200|2026-01-08 10:00|2026-04-30||
        """,
    ),
    "Copper": (
        ",",
        "USD",
        ["Alpha Inc", "Beta LLC"],
        ["Price", "Features"],
        """
        Opportunity Id|Name|Company|Primary Contact|Value|Currency|Status|Stage|Loss Reason|Close Date|Created At|Updated At
        c1|Roof|Alpha Inc|Ana|12000|USD|Lost|Proposal|Price|2/10/2026|1/5/2026|3/28/2026
        c2|Wall|Beta LLC|Bob|5500.5|USD|Lost|Demo|Features|3/4/2026|1/6/2026|3/28/2026
        c3|Door|Gamma|Cy|8000|USD|Won|Closing||2/20/2026|1/7/2026|3/28/2026
        c4|Gate|Delta|Di|4200|USD|Open|Demo||4/30/2026|1/8/2026|3/28/2026
        """,
    ),
    "Insightly": (
        ",",
        "USD",
        ["Alpha Inc", "Beta LLC"],
        ["Price", "No decision"],
        """
        Record Id|Opportunity Name|Opportunity Details|Probability|Bid Currency|Bid Type|Opportunity Value|Forecast Close Date|Actual Close Date|Opportunity State|State Reason|Organization Name|Date Created
        11|Roof||20|USD|Fixed|12000.00|2026-04-30|2026-02-10|Lost|Price|Alpha Inc|2026-01-05
        12|Wall||20|USD|Fixed|5500.50|2026-04-30|2026-03-04|Lost|No decision|Beta LLC|2026-01-06
        13|Door||90|USD|Fixed|8000.00|2026-04-30|2026-02-20|Won||Gamma|2026-01-07
        14|Gate||20|USD|Fixed|4200.00|2026-04-30||Open||Delta|2026-01-08
        """,
    ),
    "SugarCRM": (
        ",",
        "USD",
        ["Alpha Inc", "Beta LLC"],
        [None, None],
        """
        Name|ID|Account Name|Type|Lead Source|Best|Likely|Worst|Currency Name|Expected Close Date|Sales Stage|Probability|Date Created|Date Modified
        Roof|s1|Alpha Inc|New|Web|15000|12000|9000|US Dollars|2026-02-10|Closed Lost|0|2026-01-05 10:00|2026-02-11 09:00
        Wall|s2|Beta LLC|New|Web|7000|5500.5|4000|US Dollars|2026-03-04|Closed Lost|0|2026-01-06 10:00|2026-03-05 09:00
        Door|s3|Gamma|New|Web|9000|8000|7000|US Dollars|2026-02-20|Closed Won|100|2026-01-07 10:00|2026-02-21 09:00
        Gate|s4|Delta|New|Web|5000|4200|3000|US Dollars|2026-04-30|Prospecting|10|2026-01-08 10:00|2026-01-09 09:00
        """,
    ),
    "Freshsales": (
        ",",
        "USD",
        ["Alpha Inc", "Beta LLC"],
        ["Too expensive", "Lost to competitor"],
        """
        Deal id|Name|Deal value|Deal value in Base Currency|Deal stage|Lost reason|Closed date|Expected close date|Account|Probability (%)|Created at|Updated at|Last contacted time
        f1|Roof|12000|12000|Lost|Too expensive|2026-02-10|2026-04-30|Alpha Inc|0|2026-01-05T10:00:00Z|2026-03-28T10:00:00Z|2026-02-09
        f2|Wall|5500.5|5500.5|Lost|Lost to competitor|2026-03-04|2026-04-30|Beta LLC|0|2026-01-06T10:00:00Z|2026-03-28T10:00:00Z|2026-03-01
        f3|Door|8000|8000|Won||2026-02-20|2026-04-30|Gamma|100|2026-01-07T10:00:00Z|2026-03-28T10:00:00Z|2026-02-19
        f4|Gate|4200|4200|Demo|||2026-04-30|Delta|30|2026-01-08T10:00:00Z|2026-03-28T10:00:00Z|2026-03-25
        """,
    ),
    "Kommo": (
        ",",
        "USD",
        ["Alpha Inc", "Beta LLC"],
        ["Price", "Lost interest"],
        """
        ID|Lead title|Company|Contact|Lead stage|Pipeline|Sale|Responsible|Created at|Last modified|Closed at|Loss reason
        k1|Roof|Alpha Inc|Ana|Closed - lost|Sales|12000|Jo|05.01.2026 10:00:00|28.03.2026 10:00:00|10.02.2026 10:00:00|Price
        k2|Wall|Beta LLC|Bob|Closed - lost|Sales|5500.5|Jo|06.01.2026 10:00:00|28.03.2026 10:00:00|04.03.2026 10:00:00|Lost interest
        k3|Door|Gamma|Cy|Closed - won|Sales|8000|Jo|07.01.2026 10:00:00|28.03.2026 10:00:00|20.02.2026 10:00:00|
        k4|Gate|Delta|Di|Negotiation|Sales|4200|Jo|08.01.2026 10:00:00|28.03.2026 10:00:00|not closed|
        """,
    ),
    "Bitrix24, its API": (
        ",",
        "EUR",
        ["Roof", "Wall"],
        [None, None],
        """
        ID|TITLE|STAGE_ID|STAGE_SEMANTIC_ID|OPPORTUNITY|CURRENCY_ID|CLOSED|BEGINDATE|CLOSEDATE|DATE_CREATE|DATE_MODIFY
        1|Roof|LOSE|Lost|12000.00|EUR|Y|2026-01-05|2026-02-10|2026-01-05T10:00:00+03:00|2026-03-28T10:00:00+03:00
        2|Wall|LOSE|Lost|5500.50|EUR|Y|2026-01-06|2026-03-04|2026-01-06T10:00:00+03:00|2026-03-28T10:00:00+03:00
        3|Door|WON|Won|8000.00|EUR|Y|2026-01-07|2026-02-20|2026-01-07T10:00:00+03:00|2026-03-28T10:00:00+03:00
        4|Gate|NEW|Open|4200.00|EUR|N|2026-01-08|2026-04-30|2026-01-08T10:00:00+03:00|2026-03-28T10:00:00+03:00
        """,
    ),
    "Notion": (
        ",",
        "USD",
        ["Alpha Inc", "Beta LLC"],
        ["Price", "Budget"],
        """
        Deal Name|Account|Status|Estimated Value|Expected Close|Closed Date|Owner|Reason Lost
        Roof|Alpha Inc (https://www.notion.so/Alpha-1f2?pvs=21)|Lost|$12,000.00|April 30, 2026|February 10, 2026|Jo|Price
        Wall|Beta LLC (https://www.notion.so/Beta-2f3?pvs=21)|Lost|$5,500.50|April 30, 2026|March 4, 2026|Jo|Budget
        Door|Gamma|Won|$8,000.00|April 30, 2026|February 20, 2026|Jo|
        Gate|Delta|In progress|$4,200.00|April 30, 2026||Jo|
        """,
    ),
    "a currency under an unknown header, and a customer called unusually": (
        ",",
        "CAD",
        ["Alpha Inc", "Beta LLC"],
        ["Price", "Budget"],
        """
        ref|name|main_account_label|value|billed_in|stage|closed_date|lost_reason
        f-1|Roof|Alpha Inc|12000|CAD|Lost|2026-02-10|Price
        f-2|Wall|Beta LLC|5500.5|CAD|Lost|2026-03-04|Budget
        f-3|Door|Gamma Ltd|8000|USD|Won|2026-02-20|
        f-4|Gate|Delta Ltd|4200|CAD|Demo||
        """,
    ),
    "reasons under a header that says nothing": (
        ",",
        "USD",
        ["Alpha Inc", "Beta LLC"],
        ["Too dear", "No money"],
        """
        Customer|Status|Amount|Closed on|Their words|Region
        Alpha Inc|Lost|$12000|2026-02-10|Too dear|North
        Beta LLC|Lost|$5500.50|2026-03-04|No money|South
        Gamma|Won|$8000|2026-02-20||North
        Delta|Open|$4200|||South
        """,
    ),
    "Czech, with spaces in its dates and an expected day": (
        ";",
        "CZK",
        ["Alfa s.r.o.", "Béta a.s."],
        ["Cena", "Bez odezvy"],
        """
        Klient|Stav|Hodnota|Předpokládané uzavření|Uzavřeno dne|Důvod prohry
        Alfa s.r.o.|Prohra|12 000,00 Kč|1. 4. 2026|10. 2. 2026|Cena
        Béta a.s.|Prohra|5 500,50 Kč|2. 4. 2026|4. 3. 2026|Bez odezvy
        Gama|Výhra|8 000,00 Kč|3. 4. 2026|20. 2. 2026|
        Delta|Jednání|4 200,00 Kč|30. 4. 2026||
        """,
    ),
    "Danish, its currency before the amount": (
        ";",
        "DKK",
        ["Alfa A/S", "Bølge ApS"],
        ["Pris", "Ikke behov"],
        """
        Kunde|Status|Ordrebeløb DKK|Oprettet|Afsluttet|Årsag til tab
        Alfa A/S|Tabt|kr. 12.000,00|05-01-26|10-02-26|Pris
        Bølge ApS|Tabt|kr. 5.500,50|16-01-26|04-03-26|Ikke behov
        Gamma|Vundet|kr. 8.000,00|17-01-26|20-02-26|
        """,
    ),
    "who leads the bid and what it is called, and a column of firms under an unknown header": (
        ",",
        "USD",
        ["Alpha School Union", "Beta Services Inc."],
        ["Price", "No response"],
        """
        RFP no.|Institution|Title|Lead|Due|Decision date|Contract value|Outcome|Debrief / reason
        RFP-1|Alpha School Union|Pilot|Tanya H|5-Jan-2026|10-Feb-2026|$12,000|Lost|Price
        RFP-2|Beta Services Inc.|Pilot|Tanya H|5-Jan-2026|4-Mar-2026|$5,500.50|Lost|No response
        RFP-3|Gamma Academy|Annual plan|Tanya H|5-Jan-2026||$8,000|Submitted|
        """,
    ),
    "Swedish, its date between the first and the last change": (
        ";",
        "SEK",
        ["Alfa AB", "Björk Måleri HB"],
        ["Fel tajming", "Pris"],
        """
        ID|Beskrivning|Företag|Steg|Värde|Valuta|Registrerad|Datum|Förlustorsak|Ändrad
        1|Service|Alfa AB|Förlorad affär|12000,00|SEK|2026-01-05|2026-02-10|Fel tajming|2026-05-01
        2|Service|Björk Måleri HB|Förlorad affär|5500,50|SEK|2026-01-06|2026-03-04|Pris|2026-05-02
        3|Service|Gamma|Order|8000,00|SEK|2026-01-07|2026-02-20||2026-05-03
        4|Service|Delta|Kontakt|4200,00|SEK|2026-01-08|2026-02-21||2026-05-04
        """,
    ),
    "the day of the last stage beside an estimated end, and two estimates of the amount": (
        ",",
        "USD",
        ["Alpha LLC", "Beta Brewing Co."],
        ["No show", "Not ready"],
        """
        Id|Opportunity Title|Contact|Company|Stage|Projected Revenue Low|Projected Revenue High|Est. Close Date|Date Moved to Stage|Loss Reason
        61|Expansion|Greg|Alpha LLC|Lost|12,000.00|13,000.00|4/11/2026|2/10/2026|No show
        63|Expansion|Ann|Gamma|Won|8,000.00|9,000.00|1/2/2026|1/20/2026|
        67|Pilot|Jo|Beta Brewing Co.|Lost|5,500.50|6,000.00|4/13/2026|3/4/2026|Not ready
        69|Pilot|Al|Delta|Working|4,200.00|4,700.00|8/24/2026|6/13/2026|
        """,
    ),
    "a report of Salesforce that is grouped by its stage": (
        ",",
        "USD",
        ["Alpha Inc", "Beta LLC"],
        ["Price", "No decision"],
        """
        Stage  ↑|Account Name|Opportunity Name|Opportunity Owner|Amount|Close Date|Loss Reason
        Closed Won|Gamma|Gamma - Phase 1|Ann|8000|2/20/2026|
        Subtotal|||Sum|8000||
        |||Count|||
        Closed Lost|Alpha Inc|Alpha Inc - Phase 1|Ann|12000|2/10/2026|Price
        |Beta LLC|Beta LLC - Add-on|Bob|5500.50|3/4/2026|No decision
        Subtotal|||Sum|17500.50||
        |||Count|||
        """,
    ),
    "a header that says its letters twice, and why": (
        ",",
        "USD",
        ["Alpha Inc", "Beta LLC"],
        ["Price", "Budget"],
        """
        Customer|Quote $|Won/Lost (W/L)|Date decided|Win/Loss Reason
        Alpha Inc|12000|L|2026-02-10|Price
        Beta LLC|5500.5|L|2026-03-04|Budget
        Gamma|8000|W|2026-02-20|Service
        Delta|4200|||
        """,
    ),
    "archived, in Italian": (
        ",",
        "EUR",
        ["Alfa S.r.l.", "Beta S.p.A."],
        ["Troppo caro", "Nessuna risposta"],
        """
        Opportunità|Cliente|Ricavo previsto|Valuta|Fase|Probabilità|Attivo|Motivo perdita|Data chiusura|Chiusura prevista
        Tetto|Alfa S.r.l.|12000|EUR|Proposta|0|False|Troppo caro|2026-02-10 09:00:00|2026-04-30
        Muro|Beta S.p.A.|5500.5|EUR|Nuovo|0|False|Nessuna risposta|2026-03-04 09:00:00|2026-04-30
        Porta|Gamma|8000|EUR|Vinto|100|True||2026-02-20 09:00:00|2026-04-30
        Sala|Delta|4200|EUR|Nuovo|20|True|||2026-04-30
        """,
    ),
    "win or loss in one letter": (
        ",",
        "USD",
        ["Alpha Inc", "Beta LLC"],
        [None, None],
        """
        Customer|Quote $|W/L|Date decided
        Alpha Inc|12000|L|2026-02-10
        Beta LLC|5500.5|L|2026-03-04
        Gamma|8000|W|2026-02-20
        Delta|4200||
        """,
    ),
    "won, yes or no": (
        ",",
        "USD",
        ["Alpha Inc", "Beta LLC"],
        ["too pricey", None],
        """
        Prospect|Bid amount|Bid due date|Decision date|Won|Why
        Alpha Inc|12000|2026-01-20|2026-02-10|N|too pricey
        Beta LLC|5500.5|2026-01-21|2026-03-04|N|
        Gamma|8000|2026-01-22|2026-02-20|Y|
        """,
    ),
    "Salesforce's own tables": (
        ",",
        "USD",
        ["Alpha Inc", "Beta LLC"],
        ["Price", "Other"],
        """
        Id|IsDeleted|AccountId|Account.Name|Name|StageName|Amount|Probability|ExpectedRevenue|CloseDate|IsClosed|IsWon|CreatedDate|LastModifiedDate|LastActivityDate|Loss_Reason__c
        0065g00000AAAAA|false|001x|Alpha Inc|Roof|Closed Lost|12000.0|0.0|0.0|2026-02-10|true|false|2026-01-05T10:00:00.000Z|2026-03-28T10:00:00.000Z|2026-02-01|Price
        0065g00000AAAAB|false|001y|Beta LLC|Wall|Closed Lost|5500.5|0.0|0.0|2026-03-04|true|false|2026-01-06T10:00:00.000Z|2026-03-28T10:00:00.000Z|2026-02-01|Other
        0065g00000AAAAC|false|001z|Gamma|Door|Closed Won|8000.0|100.0|8000.0|2026-02-20|true|true|2026-01-07T10:00:00.000Z|2026-03-28T10:00:00.000Z|2026-02-01|
        0065g00000AAAAD|false|001w|Delta|Gate|Prospecting|4200.0|10.0|420.0|2026-04-30|false|false|2026-01-08T10:00:00.000Z|2026-03-28T10:00:00.000Z|2026-02-01|
        """,
    ),
}


def workbook(text, sheets=("Deals",)):
    """Return a workbook with the table in its last sheet: numbers as numbers, days as days."""
    book = Workbook()
    book.remove(book.active)
    for title in sheets:
        sheet = book.create_sheet(title)
        sheet.append(["Sheet", title])
    for line in text.strip().splitlines():
        sheet.append([typed(cell.strip()) for cell in line.split("|")])
    sheet.delete_rows(1)
    return book


def typed(cell):
    """Return a cell as a spreadsheet holds it."""
    for read in (float, lambda text: date.fromisoformat(text) if "-" in text else 1 / 0):
        try:
            return read(cell)
        except (ValueError, ZeroDivisionError):
            continue
    return cell or None


WORKBOOKS = ["Spanish", "Chinese", "SugarCRM", "Notion", "won, yes or no", "Freshsales"]


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_lost_deals_of_a_workbook_are_taken_as_they_are(taken, name):
    _, currency, prospects, words, text = DIALECTS[name]
    found, losses = taken(workbook(text), "deals.xlsx")
    assert [(one["lost_on"], one["amount"]) for one in losses] == TRUTH
    assert {one["currency"] for one in losses} == {currency}
    assert [one["prospect"] for one in losses] == prospects
    assert [(one["guess"] or {}).get("words") for one in losses] == words
    assert (found["emptied"], found["skipped"], found["format"]) == (
        [],
        [],
        'workbook, sheet "Deals"',
    )


def test_of_several_sheets_that_with_most_lost_deals_is_taken_unless_one_is_named(
    taken, refuses, tmp_path
):
    book = workbook(DIALECTS["Spanish"][-1], ("Notes", "Empty", "Deals"))
    other = book.create_sheet("Last year")
    other.append(["Id", "Name", "Status", "Close date"])
    other.append([77, "Old Inc", "Lost", date(2025, 1, 2)])
    found, losses = taken(book, "deals.xlsx")
    assert (found["added"], found["format"]) == (2, 'workbook, sheet "Deals"')
    named, losses = taken(book, "deals.xlsx", ("--sheet", "last year"))
    assert (named["added"], losses[0]["prospect"], losses[0]["lost_on"]) == (
        *(1, "Old Inc", "2025-01-02"),
    )
    said = refuses(["import", str(tmp_path / "deals.xlsx"), "--sheet", "Nope"], 2)
    assert 'no sheet "Nope"' in said
    assert '"Last year"' in said


@pytest.mark.parametrize("name", DIALECTS)
def test_the_lost_deals_of_a_dialect_are_taken_as_they_are(taken, name):
    delimiter, currency, prospects, words, text = DIALECTS[name]
    found, losses = taken(table(text, delimiter))
    assert [(one["lost_on"], one["currency"]) for one in losses] == [
        (day, currency) for day, _ in TRUTH
    ]
    amounts = [float(one["amount"]) for one in losses]
    assert amounts == ([12000, 5500] if currency == "JPY" else [12000, 5500.5])
    assert [one["prospect"] for one in losses] == prospects
    assert [(one["guess"] or {}).get("words") for one in losses] == words
    assert (found["emptied"], found["skipped"], found["clashes"]) == ([], [], [])


@pytest.mark.parametrize("name", DIALECTS)
def test_the_same_file_again_adds_nothing(taken, run, name, tmp_path):
    delimiter, *_, text = DIALECTS[name]
    taken(table(text, delimiter))
    again = run(["import", str(tmp_path / "deals.csv"), "--json"]).json["import"]
    assert (again["added"], again["updated"], again["duplicates"]) == (0, 0, 2)


@pytest.mark.parametrize("name", DIALECTS)
def test_with_one_more_column_nothing_is_added(taken, name):
    delimiter, *_, text = DIALECTS[name]
    taken(table(text, delimiter))
    lines = [line for line in text.strip().splitlines() if line.strip()]
    wider = "\n".join([f"{lines[0]}|Region", *(f"{line}|North" for line in lines[1:])])
    found, losses = taken(table(wider, delimiter))
    assert (found["added"], len(losses)) == (0, 2)


# Around a table


SPANISH = table(DIALECTS["Spanish"][-1])


@pytest.fixture
def zipped(tmp_path):
    """Write a zip of these names and contents, and return its bytes."""

    def zipped(**members):
        path = tmp_path / "made.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in members.items():
                made.writestr(name.replace("_", "."), content)
        return path.read_bytes()

    return zipped


def test_a_zip_with_one_table_in_it_is_that_table(taken, zipped):
    found, _ = taken(zipped(deals_csv=SPANISH, readme_md="x"), "deals.zip")
    assert found["added"] == 2


def test_a_zip_with_a_workbook_in_it_is_that_workbook(taken, zipped, tmp_path):
    workbook(DIALECTS["Spanish"][-1]).save(tmp_path / "in.xlsx")
    found, _ = taken(zipped(deals_xlsx=(tmp_path / "in.xlsx").read_bytes()), "deals.zip")
    assert found["added"] == 2


def test_a_zip_with_two_tables_is_refused_with_their_names(refuses, zipped, tmp_path):
    path = tmp_path / "deals.zip"
    path.write_bytes(zipped(one_csv=SPANISH, two_csv=SPANISH))
    assert "holds 2 tables: one.csv, two.csv" in refuses(["import", str(path)], 2)


def test_what_unpacks_to_too_much_is_refused(refuses, zipped, tmp_path, monkeypatch):
    monkeypatch.setattr("lostsale.crm.unpack.UNPACKED_LIMIT", 100)
    for name, content in (
        ("a.zip", zipped(one_csv=SPANISH)),
        ("a.csv.gz", gzip.compress(SPANISH.encode())),
    ):
        (tmp_path / name).write_bytes(content)
        assert "over 1 GB" in refuses(["import", str(tmp_path / name)], 2)


def test_the_schema_above_what_microsoft_lists_writes_is_left_out(taken):
    schema = '\ufeffListSchema={"schemaXmlList":["<Field Name=\\"Title\\" />","<Field />"]}\n'
    _, losses = taken(schema + table(DIALECTS["Spanish"][-1]))
    assert [(one["lost_on"], one["amount"]) for one in losses] == TRUTH


@pytest.mark.parametrize(
    ("shown", "currency"),
    [
        ("[$€-407] #,##0.00", "EUR"),
        ('"CHF" #,##0', "CHF"),
        ("#,##0.00\\ [$zł-415]", "PLN"),
        ("[$$-1009]#,##0", "CAD"),
        ("[$-409]#,##0", "USD"),
        ("#,##0", "USD"),
    ],
)
def test_the_currency_of_a_number_format_is_taken(taken, shown, currency):
    book = workbook("Customer|Status|Amount|Lost on|Reason\nA|Lost|12000|2026-02-10|Price")
    book["Deals"]["C2"].number_format = shown
    _, losses = taken(book, "deals.xlsx")
    assert [one["currency"] for one in losses] == [currency]


def test_the_currency_of_the_cells_of_an_ods_is_taken(taken, tmp_path):
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>".format
    text = ' office:value-type="string"'
    amount = ' office:value-type="currency" office:currency="PLN" office:value="900"'
    rows = (
        [cell(text, of) for of in ("Customer", "Status", "Lost on", "Amount")],
        [*(cell(text, of) for of in ("A", "Lost", "2026-02-10")), cell(amount, "900 zł")],
    )
    spaces = (
        ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
        *(
            (name, f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0")
            for name in ("table", "text")
        ),
    )
    names = " ".join(f'xmlns:{name}="{of}"' for name, of in spaces)
    table = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    with zipfile.ZipFile(tmp_path / "deals.ods", "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        book.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}"/>')
        book.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="2026">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    _, losses = taken((tmp_path / "deals.ods").read_bytes(), "deals.ods")
    assert [(one["amount"], one["currency"]) for one in losses] == [("900.00", "PLN")]


def test_what_merged_cells_hold_is_that_of_each_row_but_for_amounts(taken):
    book = workbook(
        "Status|Customer|Amount|Lost on\nLost|A|12000|2026-02-10\n||||\n||||\nWon|D|7|2026-02-13"
    )
    sheet = book["Deals"]
    for row, customer, day in ((3, "B", 11), (4, "C", 12)):
        sheet.cell(row, 2, customer)
        sheet.cell(row, 4, date(2026, 2, day))
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("C3:C4")
    sheet["C3"] = 500
    _, losses = taken(book, "deals.xlsx")
    found = {one["prospect"]: one["amount"] for one in losses}
    assert found == {"A": "12000.00", "B": "500.00", "C": None}


def test_several_currencies_of_number_formats_are_asked_about(refuses, tmp_path):
    book = workbook(
        "Customer|Status|Amount|Lost on\nA|Lost|12000|2026-02-10\nB|Lost|9000|2026-02-11"
    )
    book["Deals"]["C2"].number_format, book["Deals"]["C3"].number_format = "[$£-809]0", "[$€-407]0"
    book.save(tmp_path / "deals.xlsx")
    said = refuses(["import", str(tmp_path / "deals.xlsx")], 2)
    assert "are shown as EUR or GBP" in said
    assert "--currency EUR" in said


def test_sheets_with_the_same_columns_and_other_rows_are_read_as_one(taken):
    book = workbook("Customer|Status|Amount|Lost on\nA|Lost|12000|2025-02-10", ["2025"])
    for title, customer in (("2026", "B"), ("copy", "A")):
        sheet = book.create_sheet(title)
        sheet.append(["Customer", "Status", "Amount", "Lost on"])
        sheet.append([customer, "Lost", 12000, date(2025, 2, 10)])
    found, losses = taken(book, "deals.xlsx")
    assert sorted(one["prospect"] for one in losses) == ["A", "B"]
    assert 'the sheets "2025", "2026" were read as one' in found["doubts"][0]


@pytest.mark.parametrize(
    "content",
    [
        "<html><table><tr><td>ID</td></tr></table></html>",
        '\ufeff<!DOCTYPE html>\n<table border="1">',
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
    ],
)
def test_a_web_page_that_calls_itself_a_workbook_is_told_from_one(refuses, tmp_path, content):
    path = tmp_path / "deals.xls"
    path.write_text(content, encoding="utf-8")
    assert "is a web page (HTML or XML)" in refuses(["import", str(path)], 2)


def test_a_broken_workbook_is_refused(refuses, tmp_path):
    path = tmp_path / "deals.xlsx"
    workbook(DIALECTS["Spanish"][-1]).save(path)
    path.write_bytes(path.read_bytes()[:-200])
    assert "broken workbook" in refuses(["import", str(path)], 2)


def test_a_workbook_is_taken_on_a_terminal_with_one_question(terminal, run, tmp_path):
    path = tmp_path / "deals.xlsx"
    workbook(DIALECTS["Spanish"][-1]).save(path)
    child = terminal("import", path)
    child.expect_exact("Import 2 lost deals? [Y/n")
    child.sendline("")
    child.expect_exact("2 added")
    assert ended(child) == 0
    assert len(run("list --json").json["losses"]) == 2


def test_a_file_that_says_neither_what_was_lost_nor_when_needs_three_answers(
    terminal, run, tmp_path
):
    path = tmp_path / "deals.csv"
    path.write_text("Deal Name,Notes,Lost Reason\nAcme,too high,zork\nBolt,,blip\n")
    child = terminal("import", path, columns=300)
    child.expect_exact("all if every row is lost, Enter for all]")
    child.sendline("")
    child.expect_exact("or a day for all, Enter for none]")
    child.sendline("2026-01-02")
    child.expect_exact("2026-01-02")
    child.expect_exact("Import 2 lost deals? [Y/n")
    child.sendline("")
    child.expect_exact("2 added")
    child.expect_exact("--lost-when all --undated 2026-01-02")
    assert ended(child) == 0
    assert {one["lost_on"] for one in run("list --json").json["losses"]} == {"2026-01-02"}


ENCODED = "Id,Name,Stage,Close date\n1,%s,Lost,2026-01-02\n2,%s,Won,2026-01-03\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Zażółć gęślą jaźń", "cp1250"),
        ("Żółta Łódź – powód", "iso8859_2"),
        ("Слишком дорого", "cp1251"),
        ("Слишком дорого", "koi8_r"),
        ("Café Zoë, trop cher à cause du délai", "cp1252"),
        ("Construção São João", "cp1252"),
        ("Tømrer Kjær £500", "cp1252"),
        ("Böhm & Größe, Jäger", "mac_roman"),
        ("Böhm & Größe, Jäger", "cp850"),
        ("Yıldız İnşaat Şimşek", "cp1254"),
    ],
)
def test_an_encoding_that_its_words_show_is_taken_and_said(run, tmp_path, text, encoding):
    path = tmp_path / "deals.csv"
    text = text.replace(",", "").encode(encoding, "ignore").decode(encoding)
    path.write_bytes((ENCODED % (text, text)).encode(encoding))
    found = run(["import", str(path), "--json"])
    assert f"was read as {encoding}" in found.json["import"]["doubts"][0]
    assert run("list --json").json["losses"][0]["prospect"] == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("株式会社の案件は価格が高いため失注した", "cp932"), ("Forêt", "cp1252")],
    ids=["Japanese", "Polish or French"],
)
def test_an_encoding_that_is_only_likely_is_named_with_the_command(
    refuses, run, tmp_path, text, encoding
):
    path = tmp_path / "deals.csv"
    path.write_bytes((ENCODED % (text, text)).encode(encoding))
    said = refuses(["import", str(path)], 2)
    assert f"it looks like {encoding}" in said
    assert f"--encoding {encoding}" in said
    run(["import", str(path), "--encoding", encoding])
    assert run("list --json").json["losses"][0]["prospect"] == text


def test_an_encoding_of_syllables_is_taken_where_the_headers_are_usual_in_it_alone(run, tmp_path):
    path = tmp_path / "deals.csv"
    path.write_bytes("会社名,状態,失注日\n京都商事,失注,2026-03-04\n".encode("cp932"))
    assert "was read as cp932" in run(["import", str(path), "--json"]).json["import"]["doubts"][0]
    assert run("list --json").json["losses"][0]["prospect"] == "京都商事"


@pytest.mark.parametrize(
    ("head", "rows", "guess"),
    [
        (
            "Who we met,Here for,Status,Value",
            "Alpha Inc,Ann Ash,Lost,9|Beta LLC,Bo Birch,Lost,8|Gamma,Cy Cole,Won,7",
            "prospect",
        ),
        ("Client,Status,Zeta", "Alpha,Lost,12000|Beta,Lost,9500|Gamma,Won,700", "amount"),
        (
            "Client,Status,Zeta,Eta",
            "Alpha,Lost,dear,Acme|Beta,Lost,dear,Bolt|Gamma,Won,,|Delta,Won,,",
            "guess",
        ),
    ],
    ids=["names", "amounts", "two that only lost deals have"],
)
def test_a_column_that_only_its_cells_tell_is_asked_about(refuses, tmp_path, head, rows, guess):
    path = tmp_path / "deals.csv"
    lines = [f"{row},2026-01-0{day}" for day, row in enumerate(rows.split("|"), 1)]
    path.write_text("\n".join([f"{head},Closed on", *lines]) + "\n")
    said = refuses(["import", str(path)], 1)
    assert f"{guess}=" in said
    assert "--yes" in said


def test_a_value_that_means_won_is_never_proposed_as_lost(refuses, tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(
        "Client,Status,Closed on\nA,Won,2026-01-02\nB,Won,2026-01-03\nC,Gone,2026-01-04\n"
    )
    assert refuses(["import", str(path)], 2).rstrip().endswith("--lost-when Gone")


def test_an_id_that_is_guessed_holds_the_products_of_one_deal_together(taken):
    _, losses = taken(
        "Deal ref,Client,Status,Item,Amount,Closed on\n"
        "Q-1,Acme,Lost,Lathe,100,2026-01-02\nQ-1,Acme,Lost,Mill,50,2026-01-02\n"
        "Q-2,Bolt,Lost,Mill,70,2026-01-03\n"
    )
    assert [loss["amount"] for loss in losses] == ["150.00", "70.00"]


HEADS = "Ref,Client,{amount},Status,{day},Reason"
ONE_KIND = {
    "what is not lost": ("Amount", "Closed", "R7,Ann,5,not lost,2026-02-10,x", []),
    "nicht verloren": ("Betrag", "Closed", "R7,Ann,5,nicht verloren,2026-02-10,x", []),
    "thousands": ("Value in kEUR", "Closed", "R7,Ann,12.5,Lost,2026-02-10,x", [("2026-02-10", "12500.00", "EUR")]),
    "ten thousands": ("金额(万元)", "Closed", "R7,Ann,12.5,Lost,2026-02-10,x", [("2026-02-10", "125000.00", "CNY")]),
    "a spreadsheet's days": ("Amount", "Result date", "R7,Ann,5,Lost,46063,x", [("2026-02-10", "5.00", "USD")]),
    "a month": ("Amount", "Decided", "R7,Ann,5,Lost,Feb-26,x", [("2026-02-28", "5.00", "USD")]),
    "1er": ("Montant", "Date de clôture", "R7,Ann,5,Perdu,1er mars 2026,x", [("2026-03-01", "5.00", "USD")]),
    "a sum with a day": ("Amount", "Closed", "Total,,15,Lost,2026-02-11,", []),
    "spaces that don't break": ("Montant", "Closed", "R7,Ann,64\u00a0900\u00a0€,Lost,2026-02-10,x", [("2026-02-10", "64900.00", "EUR")]),
    "Swedish": ("Belopp", "Avslutad", "R7,Ann,5,Förlorad,2026-02-10,x", [("2026-02-10", "5.00", "USD")]),
    "Korean": ("금액", "마감일", "R7,Ann,5,실주,2026-02-10,x", [("2026-02-10", "5.00", "USD")]),
}  # fmt: skip


@pytest.mark.parametrize("kind", ONE_KIND)
def test_what_one_file_in_many_has_is_read_right(taken, kind):
    amount, day, row, truth = ONE_KIND[kind]
    head = HEADS.format(amount=amount, day=day)
    proof = "R8,Bob,1,Lost,2020-01-01,x\nR9,Cal,2,Lost,2020-01-02,y"
    _, losses = taken(f"{head}\n{row}\n{proof}\n")
    found = [(one["lost_on"], one["amount"], one["currency"]) for one in losses]
    assert [one for one in found if one[0] > "2021"] == truth


def test_a_number_under_a_usual_name_identifies_a_deal(taken):
    found, _ = taken(
        "Offertnr,Client,Status,Closed\nQ-7,Ann,Lost,2026-02-10\nQ-8,Bob,Lost,2026-02-11\n"
    )
    assert found["columns"]["record"] == ["Offertnr"]
    assert found["unused"] == []


def test_other_sheets_with_lost_deals_and_columns_that_hold_nothing_are_named(taken):
    book = Workbook()
    for title, count in (("2025", 2), ("2026", 1)):
        sheet = book.create_sheet(title)
        sheet.append(["Client", "Status", "Closed", "Weather"])
        for number in range(count):
            sheet.append([f"Client {number}", "Lost", date(2025, 1, 2), "fair"])
    found, _ = taken(book, "deals.xlsx")
    assert (found["added"], found["unused"]) == (2, ["Weather"])
    assert found["doubts"] == ['the sheet "2026" has 1 lost, too: --sheet 2026 takes them']


CUSTOMERS = (
    "Client,Amount,Status,Closed,Reason\nAnn,100,Lost,2026-02-03,x\nBob,200,Won,2026-02-04,\n"
)


@pytest.mark.parametrize(
    ("row", "is_deal"),
    [
        ("Total,50,Lost,2026-03-01,", True),
        ("Total,50,Lost,2026-03-01,price", True),
        ("Total,300,Lost,2026-03-01,", False),  # as much as all before it
        ("Total,50,,,", False),  # nothing but a number
    ],
)
def test_a_customer_called_total_is_told_from_a_sum(taken, row, is_deal):
    found, _ = taken(CUSTOMERS + row, options=("--lost-when", "all"))
    assert [loss["line"] for loss in found["skipped"]] == ([] if is_deal else [4])


def test_a_sum_of_one_group_is_no_deal_either(taken):
    more = "Total,300,Lost,2026-03-01,\nCal,70,Lost,2026-03-02,x\nTotal,70,Lost,2026-03-03,\n"
    found, _ = taken(CUSTOMERS + more)
    assert [loss["line"] for loss in found["skipped"]] == [4, 6]


def test_an_id_that_is_guessed_is_dropped_where_two_rows_of_the_file_share_it(taken):
    rows = "Our number,Client,Status,Closed\nJ-1,Ann,Lost,2026-02-03\nJ-2,Bob,Lost,2026-02-04\n"
    found, _ = taken(rows)
    assert found["columns"]["record"] == ["Our number"]
    found, _ = taken(f"{rows}J-1,Cal,Won,2026-02-05\n", "other.csv")
    assert "record" not in found["columns"]
    assert found["clashes"] == []


@pytest.mark.parametrize(
    ("head", "rows", "words"),
    [
        ("Why", ["Lost - price,", "Lost,timing", "Won - price,"], ["price", "timing"]),
        (
            "Owner",
            ["Perdu \u2013 concurrent,Jo", "Closed - Lost,Al", "Won,Jo"],
            ["concurrent", None],
        ),
        ("Comment", ["Lost,cheaper", "Lost,budget cut", "Won,"], ["cheaper", "budget cut"]),
        ("Comment", ["Lost,cheaper", f"Lost,{'long story ' * 9}", "Won,"], [None, None]),
    ],
)
def test_a_reason_behind_the_status_or_in_comments_is_the_guess(taken, head, rows, words):
    table = "".join(f"Client {n},2026-02-0{n},{row}\n" for n, row in enumerate(rows, 1))
    _, losses = taken(f"Client,Closed,Status,{head}\n{table}")
    assert [(one["guess"] or {}).get("words") for one in losses] == words


def test_a_status_in_an_unknown_language_is_named_with_its_values_and_a_command(
    refuses, taken, tmp_path
):
    states = ["h\u00e4visi", "voitti", "kesken"] * 2
    rows = "".join(f"Alfa {n},{state},2026-01-0{n}\n" for n, state in enumerate(states, 1))
    text = f"Yritys,Vaihe nyt,P\u00e4\u00e4ttymisp\u00e4iv\u00e4\n{rows}"
    (tmp_path / "deals.csv").write_text(text, encoding="utf-8")
    said = refuses(["import", str(tmp_path / "deals.csv")], 2)
    assert '"Vaihe nyt" has "h\u00e4visi", "voitti", "kesken"' in said
    assert "--lost-when" in said
    found, losses = taken(text, options=("--lost-when", "voitti", "--yes"))
    assert (found["columns"]["status"], len(losses)) == (["Vaihe nyt"], 2)


LANGUAGES = {
    "Danish": "Kunde,Beløb,Lukket,tabt",
    "Norwegian": "Kunde,Beløp,Avsluttet,tapt",
    "Finnish": "Asiakas,Summa,Closed,hävitty",
    "Czech": "Zákazník,Částka,Uzavřeno,ztraceno",
    "Slovak": "Zákazník,Hodnota,Closed,prehrané",
    "Turkish": "Müşteri,Tutar,Kapanış tarihi,kaybedildi",
    "Hungarian": "Ügyfél,Összeg,Lezárás dátuma,elveszett",
    "Romanian": "Client,Suma,Data închiderii,pierdut",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_commonest_words_of_more_languages_are_known(taken, language):
    name, amount, day, lost = LANGUAGES[language].split(",")
    rows = f"Ann,5,2026-02-10,{lost}\nBob,6,2026-02-11,{lost}\nCal,7,,x\n"
    _, losses = taken(f"{name},{amount},{day},Status\n{rows}")
    found = [(one["prospect"], one["amount"], one["lost_on"]) for one in losses]
    assert found == [("Ann", "5.00", "2026-02-10"), ("Bob", "6.00", "2026-02-11")]


KINDS = {
    "headers of a deal in another language, and cells that are headers elsewhere": (
        (
            "Negócio - ID;Negócio - Organização;Negócio - Valor;Negócio - Moeda do Valor;"
            "Negócio - Status;Negócio - Data de perda;Negócio - Motivo da perda\n"
            "71;Padaria Lua;1.500,00;BRL;Perdido;2025-03-12;Concorrente\n"
            "72;Padaria Sol;2.500,00;BRL;Ganho;;\n"
            "A83;Padaria Mar;3.500,00;BRL;Perdido;2025-03-17;Preço\n"
        ),
        2,
        ("Padaria Lua", "2025-03-12", "1500.00", "BRL", "Concorrente"),
    ),
    "an open deal that was lost in a sense": (
        (
            "Client,Milestone,Status,Value EUR,Closed on\nA,Lost,Closed,5,2025-05-04\n"
            "B,Lost in review,Open,6,2025-05-05\nC,Won,Closed,7,2025-05-06\n"
        ),
        1,
        ("A", "2025-05-04", "5.00", "EUR", ""),
    ),
    "a number of the row, and the day of the last status": (
        (
            "#,Client,Status,Last Estimate €,Date Status Change,Date Updated,Lost Reason\n"
            "8001,Ely,Lost,900.50,2025-03-02,2025-09-09,Price\n"
            "8002,Fay,Sold,800.50,2025-04-02,2025-09-09,\n"
            "8003,Gil,Lost,700.50,2025-04-03,2025-09-09,\n"
        ),
        2,
        ("Ely", "2025-03-02", "900.50", "EUR", "Price"),
    ),
    "with taxes and without": (
        (
            "Client,Status,Montant TTC (EUR),Montant HT (EUR),Date de perte\n"
            "Ivry,Perdu,120.00,100.00,2025-03-02\nJura,Gagné,240.00,200.00,\n"
        ),
        1,
        ("Ivry", "2025-03-02", "100.00", "EUR", ""),
    ),
    "a point behind the year, parts beside their total, and why it wasn't won": (
        (
            "Client,Won?,Room revenue €,Total revenue €,Decided on,Reason not won\n"
            "Kaj d.o.o.,N,10.00,30.00,14.03.2025.,Rok\nLun d.o.o.,Y,20.00,40.00,15.03.2025.,\n"
            "Mir d.o.o.,N,15.00,25.00,16.03.2025.,Cijena\n"
        ),
        2,
        ("Kaj d.o.o.", "2025-03-14", "30.00", "EUR", "Rok"),
    ),
    "a language of its own alphabet": (
        (
            "Πελάτης;Αξία (€);Κατάσταση;Ημερομηνία κλεισίματος;Λόγος απώλειας\n"
            "Δέλτα ΑΕ;1.200,50;Χαμένη;14/03/2025;Τιμή\nΒήτα ΑΕ;2.200,50;Κερδισμένη;15/03/2025;\n"
        ),
        1,
        ("Δέλτα ΑΕ", "2025-03-14", "1200.50", "EUR", "Τιμή"),
    ),
    "a customer's no, where others said yes": (
        (
            "Klant,Status,Bedrag,Datum reactie,Reden\nNoor,Afgewezen,€ 900,2025-03-02,Prijs\n"
            "Otto,Geaccepteerd,€ 800,2025-03-03,\nPim,Verzonden,€ 700,,\n"
            "Rik,Afgewezen,€ 600,2025-03-04,\n"
        ),
        2,
        ("Noor", "2025-03-02", "900.00", "EUR", "Prijs"),
    ),
    "a question, answered with N": (
        (
            "Homeowner,Bid,Deposit,Bid date,Heard back,Got it? (Y/N),Why not\n"
            "Ray,900,,2025-03-02,2025-04-02,N,price\nSue,800,80,2025-03-03,2025-04-03,Y,\n"
            "Tom,700,,2025-03-04,,,\nUma,600,,2025-03-05,2025-04-05,n,time\n"
        ),
        2,
        ("Ray", "2025-04-02", "900.00", "USD", "price"),
    ),
    "closed, but not won, whatever the stage is called": (
        (
            "Deal Name,Deal Stage,Close Date,Record ID,Amount,Currency,Is Closed Won,Is Deal Closed?\n"
            "Vic,Churned,2025-03-02,71,900,GBP,false,true\nWes,Renewed,2025-03-03,72,800,GBP,true,true\n"
            "Xia,Closed lost,2025-03-04,73,700,GBP,false,true\nYul,Talks,2025-03-05,74,5,GBP,false,false\n"
        ),
        2,
        ("Vic", "2025-03-02", "900.00", "GBP", ""),
    ),
    "what the customer would pay beside what the seller earns of it": (
        (
            "Account,Stage,Current Premium,Estimated Premium,Fee %,Agency Revenue,Estimated Revenue,"
            "Closed Date\nZoe,Lost,950,900,12,108,108,2025-03-02\nAbe,Sold,5,5,12,1,1,2025-03-03\n"
        ),
        1,
        ("Zoe", "2025-03-02", "900.00", "USD", ""),
    ),
    "a customer above its rows, and a total below them": (
        (
            "Quotes by customer\n\n,Num,Status,Response date,Amount\nBea Ltd,,,,\n"
            ",1,Rejected,2025-03-02,900\n,2,Accepted,2025-03-03,800\nTotal for Bea Ltd,,,,1700\n"
            "Cal Ltd,,,,\n,3,Rejected,2025-03-04,700\nTotal for Cal Ltd,,,,700\n"
        ),
        2,
        ("Bea Ltd", "2025-03-02", "900.00", "USD", ""),
    ),
    "an expected value, some of which look like months": (
        (
            "Kunde;Status;Erwarteter Umsatz;Währung;Abgeschlossen am\n"
            "Dag;Verloren;2745.06;CHF;2025-03-02\nEda;Gewonnen;12;CHF;2025-03-03\n"
            "Flo;Verloren;12000;CHF;2025-03-04\n"
        ),
        2,
        ("Dag", "2025-03-02", "2745.06", "CHF", ""),
    ),
    "what a database calls its columns": (
        (
            "oppo_id,comp_name,oppo_status,oppo_forecast,oppo_forecast_currency,oppo_closed,oppo_reasonlost\n"
            "61,Marlow plc,Lost,900.500000,GBP,2025-03-02 00:00:00.000,Price\n"
            "62,Foxley Ltd,Won,800.000000,EUR,2025-03-03 00:00:00.000,NULL\n"
            "63,Ribble Ltd,Lost,700.000000,EUR,2025-03-04 00:00:00.000,NULL\n"
        ),
        2,
        ("Marlow plc", "2025-03-02", "900.50", "GBP", "Price"),
    ),
    "headers without their accents": (
        (
            "musteri,asama,tutar_try,olusturma_tarihi,kapanis_tarihi,kayip_nedeni\n"
            "Aras,Kaybedildi,900,2025-01-02,2025-03-02,Fiyat\nDere,Kazanıldı,800,2025-01-03,2025-03-03,\n"
            "Ova,Kaybedildi,700,2025-01-04,2025-03-04,\n"
        ),
        2,
        ("Aras", "2025-03-02", "900.00", "TRY", "Fiyat"),
    ),
    "an end that open deals have, too, beside one that they don't": (
        (
            "Client,Status,Close date,Decided on,Amount EUR\nIda,Lost,2025-06-01,2025-03-02,900\n"
            "Jan,Won,2025-06-02,2025-03-03,800\nKai,Open,2025-06-03,,700\n"
        ),
        1,
        ("Ida", "2025-03-02", "900.00", "EUR", ""),
    ),
    "the day on which each stage began, and nothing else": (
        (
            "deal_id,client,stage_date_proposal,stage_date_closed_won,stage_date_closed_lost,Value USD\n"
            "D1,Leo,2025-01-02,,2025-03-02,900\nD2,Mia,2025-01-03,2025-03-03,,800\nD3,Nia,2025-01-04,,,700\n"
        ),
        1,
        ("Leo", "2025-03-02", "900.00", "USD", ""),
    ),
    "a deal that is called by its person, and parts of columns": (
        (
            "Deal Name,People,Stage,Price,Closed - start,Closed - end,Projected Close Date\n"
            "Ole Berg - 2 Elm St,Ole Berg,Lost,$900,3/22/2025,,6/1/2025\n"
            "Pia Dahl - 4 Elm St,Pia Dahl,Sold,$800,3/23/2025,,6/2/2025\n"
            "Rut Egge - 6 Elm St,Rut Egge,Lost,$700,3/24/2025,,6/3/2025\n"
        ),
        2,
        ("Ole Berg", "2025-03-22", "900.00", "USD", ""),
    ),
    "what is not a yes, and more decimals than there are cents": (
        (
            "Tiers;État;Prix catalogue (EUR);Prix final (EUR);Date de réponse\n"
            "Rémy;Non signée (fermée);1000;900.4567;02/03/2025\nSoral;Signée (à facturer);900;800.00;23/03/2025\n"
            "Tavel;Non signée (fermée);800;700;24/03/2025\n"
        ),
        2,
        ("Rémy", "2025-03-02", "900.46", "EUR", ""),
    ),
}


@pytest.mark.parametrize(("content", "lost", "kept"), KINDS.values(), ids=KINDS)
def test_a_lost_deal_is_read_without_options(run, tmp_path, content, lost, kept):
    path = tmp_path / "deals.csv"
    path.write_text(content, encoding="utf-8")
    run(["import", str(path)])
    losses = run("list --json").json["losses"]
    assert len(losses) == lost
    assert kept in [
        (
            *(loss[field] for field in ("prospect", "lost_on", "amount", "currency")),
            (loss["guess"] or {}).get("words", ""),
        )
        for loss in losses
    ]
