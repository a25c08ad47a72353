// Czech and English words of one meaning: `Czech, … | English, …` a line. Written for this project.
export const LAW = `
smlouva, kontrakt | contract, agreement
smluvní strana, strany | contracting party, party to the contract, parties
dodatek | amendment, addendum
příloha | annex, appendix, attachment
kupní smlouva | purchase agreement, purchase contract
smlouva o dílo | contract for work
nájemní smlouva | lease, lease agreement, rental agreement
nájem, nájemné, pronájem, pronajatý | rent, rental
nájemce | tenant, lessee
pronajímatel | landlord, lessor
podnájem | sublease, sublet
objednatel, zadavatel | client, customer
zhotovitel, dodavatel | contractor, supplier, vendor
subdodavatel, poddodavatel | subcontractor
kupující | buyer, purchaser
prodávající | seller
zákazník, odběratel | customer
spotřebitel | consumer
odstoupení od smlouvy, odstoupit | withdrawal, rescission, withdraw
výpověď smlouvy, vypovědět smlouvu | termination of contract, terminate
doba určitá | fixed term
doba neurčitá | indefinite period, indefinite term
doba trvání, trvání, trvat | duration, last
platnost, platný, platit do | validity, valid
účinnost, účinný | effectiveness, effective date
lhůta, termín | deadline, time limit, due date
prodlení | delay, default
smluvní pokuta, pokuta, sankce | penalty, contractual penalty, fine
úrok z prodlení | default interest, interest on late payment
náhrada škody | damages, compensation for damage
škoda | damage, loss
odpovědnost, odpovídat za, zodpovědnost | liability, responsibility, responsible
záruka, záruční doba | warranty, guarantee, warranty period
reklamace, reklamovat | warranty claim, claim, complaint
vada, závada | defect, fault
předání, převzetí, předávací protokol | handover, acceptance, handover protocol
zakázka | job order, order
jistota, kauce | deposit, security deposit
zástava, zástavní právo | lien, pledge
ručení, ručitel | guarantee, guarantor
plná moc | power of attorney
podpis, podepsat, podepisovat | signature, sign
jednatel | managing director, executive director
statutární orgán, představenstvo | statutory body, board of directors
společník, akcionář | shareholder
obchodní rejstřík | commercial register
sídlo | registered office
identifikační číslo, IČO, IČ | company ID, identification number
daňové identifikační číslo, DIČ | tax ID, VAT number
právní předpis, předpis | legislation, regulation
zákon | law
vyhláška | decree
nařízení | ordinance, regulation
směrnice | directive, guideline
občanský zákoník | civil code
soud | court
spor, soudní spor | dispute, litigation
rozhodčí řízení | arbitration
rozhodné právo | governing law
vyšší moc | force majeure
obchodní tajemství | trade secret
duševní vlastnictví | intellectual property
licence | licence, license
autorské právo | copyright
souhlas | consent
oznámení, oznámit, ohlásit, ohlášení, hlásit, nahlásit | notification, notice, notify, report
povinnost, povinný | obligation, duty, obliged
oprávnění, právo, oprávněn | right, entitlement, entitled
zákaz, zakázáno, zakázaný | prohibition, prohibited, forbidden, ban
povoleno, dovoleno, povolit, povolení | permitted, allowed, permission, permit
výjimka | exception, exemption
schválení, schválit, schvalovat | approval, approve
kontrola, inspekce | inspection, check
úřad, orgán veřejné moci | authority, public authority
obec, město | municipality, town
veřejná zakázka | public procurement, public contract
střet zájmů | conflict of interest
"dar", "daru", "dary", "darů", dárek | gift, present
úplatek, korupce | bribe, bribery, corruption
oznamovatel, whistleblowing | whistleblower, whistleblowing
osobní údaje, osobní data | personal data, personal information
ochrana osobních údajů, GDPR | data protection, privacy, GDPR
správce osobních údajů, správce údajů | controller, data controller
zpracovatel | processor, data processor
pověřenec, pověřenec pro ochranu osobních údajů | data protection officer, DPO
subjekt údajů | data subject
zpracování, zpracovávat | processing, process
výmaz, smazat, vymazat, smazání | erasure, deletion, delete
porušení zabezpečení, únik údajů, únik dat, únik osobních údajů | data breach, personal data breach, data leak
doba uchování, uchovávat, uchování, archivace, uložení | retention, retention period, retain, keep, store
skartace, skartovat, skartační lhůta | shredding, disposal
kamera, kamerový systém, kamerový záznam | camera, CCTV, surveillance camera, camera recording
dozorový úřad, Úřad pro ochranu osobních údajů | supervisory authority
rodné číslo | birth number, personal identification number
`;
