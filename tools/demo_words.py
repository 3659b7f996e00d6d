"""The words of the demo year: pools to choose from, separated by `|`; behind a product stands what
it costs, in thousands. `make_demo` chooses."""

WORDS = {
    "said budget": "the new roof ate this year's money|nothing left until the books close",
    "said board": "the board wants to wait|two of five voted no|it goes to the committee again",
    "said home-office": "head office buys for all branches|headquarters has its own list",
    "said partner": "my partner is against it|I have to ask my husband|my co-owner says no",
    "said call-later": "call me after the holidays|not now, try next quarter|when we have moved",
    "said think-it-over": "let us think about it|we want to sleep on it|we must talk it through",
    "said price": "you are too expensive|the other offer is cheaper|too dear for what we print",
    "said satisfied": "we are happy with what we have|the old one still runs|no need, really",
    "said bought-elsewhere": "we went with someone else|we signed with the others yesterday",
    "said no-reason": "just no|not interested any more|we decided against it",
    "said other": "we print less every year|the landlord brings his own machines",
    "real price-value": "same machine, 40 a month less|a refurbished one does it for half"
    "|yours was better, but not 9,000 better|we could not see what the extra buys us",
    "real product-gap": "no stapling, and we staple everything|it can't read our old badges",
    "real our-company": "you could not deliver before the move|your service took four days",
    "real inflexible": "five years or nothing, you said|you would not take the old machine back",
    "real selling": "you talked about speed, we asked about noise|you never asked what we print",
    "real no-access": "my partner signs, you never met him|the owner never saw your offer"
    "|you only ever spoke to me, and I make the coffee",
    "real too-slow": "your quote came after we'd ordered|three weeks for an offer is too long",
    "real indecision": "we could not agree, so we did nothing|nobody wanted to sign it",
    "real status-quo": "the old one still copies|changing is more trouble than it is worth",
    "real poor-fit": "too much machine for ten people|we print 300 pages a month",
    "real relationship": "his brother-in-law sells them|we have bought there for 20 years",
    "real no-money": "the bank said no|we let two people go, there is no money",
    "real circumstance": "we are merging, all is on hold|we give up this office|the buyer left",
    "real other": "the staff voted for the blue one|honestly, we forgot about it",
    "heard": "says their receptionist|the rival's driver told me|says a neighbour of theirs",
    "why": "in a hurry, no answer to that|the front desk could not say",
    "save": "offered the lease, she looks at it|showed the smaller model, he liked it"
    "|would try it on one floor|not interested, friendly though|new figures sent",
    "thanks": "two lines by hand|card with the old press on it|card, and thanks for the coffee",
    "referral": "happy so far; no name yet|the toner comes late, she says|will think of someone",
    "touch": "all fine there so far|waits a week for each repair|asked for a price again"
    "|the new one jams every Monday|nothing new, a good talk|prints twice as much now",
    "meet": "went through the figures together|met the boss at last|he wants a trial week",
    "no-answer": "left a message|voice mail|in a meeting all day|away until next week|not there",
    "move-on": "nothing left to do here|on to the next|no hard feelings",
    "won": "the 36-month lease did it|the old machine broke down twice|the smaller model fits"
    "|met the owner, he signed at once|their supplier let them wait two weeks"
    "|the trade-in made the difference|new budget, and we were still in touch",
    "won untried": "they called us|my card was still on her desk|a customer of ours spoke for us",
    "way in": "36-month lease|trade-in for the old one|a pilot on one floor|the smaller model"
    "|pay per page|meet the partner|their lease runs out next year",
    "lesson": "ask in the first call who signs|send the quote the same day|never without a date"
    "|bring the noise figures|ask what they print before showing anything",
    "note": "third quote this year|a surgery next door, it must be quiet|two branches, one buyer"
    "|the print room moves upstairs|their old lease runs out soon",
    "named": "her brother runs a print shop|just moved into a bigger office|his old firm",
    "time": "09:00|10:00|11:30|13:30|14:15|15:30|16:00",
    "where": "their office|our showroom|the café at the station|by phone",
    "rival": "Kyolab|Kyolab|Kyolab|Ostra|Ostra|Velkopy|Duplimar",
    "product": "desk printers 1-7|label printer 2-12|scanning station 4-18|A3 copier 5-24"
    "|copier lease 6-32|print server, badges 8-40|booklet finisher 9-45|digital press 35-90",
    "town": "Oakfield|Pike|Halden|Corvo|Nordby|Brandt|Sella|Marlow|Tarn|Ashby|Birchwood|Calder"
    "|Dunmore|Elmstead|Fairholm|Garnet|Hollins|Ivybridge|Juniper|Kestrel|Larkhill|Mossley|Vale"
    "|Northgate|Otterly|Penrose|Quarry Lane|Redcliff|Southwick|Thornbury|Upland|Westbrook|Yarrow"
    "|Amberly|Brook End|Crossways|Drayton|Eastmoor|Foxley|Greenhill",
    "trade": "Dental|Logistics|School|Hotels|Foods|Labs|& Sons|Clinic|Tools|Law|Accounting|Farms"
    "|Architects|Insurance|Motors|Timber|Bakery|Travel|Pharmacy|College|Nursery|Opticians|Estates"
    "|Surveyors|Brewery|Housing|Plumbing|Theatre|Veterinary|Engineering|Textiles|Library",
    "given": "Ana|Tom|Ines|Moses|Luca|Jo|Sven|Aisha|Wei|Priya|Kofi|Marta|Yuki|Omar|Elena|Tomás"
    "|Zoë|Jürgen|Mei|Fatima|Ivan|Chidi|Leila|Anders|Rosa|Hiro|Nadia|Pavel|Siobhan|Malik",
    "family": "Ruiz|Pike|Berger|Osei|Marin|Stern|Nilsen|Khan|Chen|Patel|Mensah|Nowak|Tanaka|Kim"
    "|Haddad|Popova|Silva|Weber|Lindqvist|Okafor|Rossi|Dubois|Novak|Murphy|Yilmaz|Costa|Singh",
}
