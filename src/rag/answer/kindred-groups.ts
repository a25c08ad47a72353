// Words that people use for one matter in offices, homes and town halls, Czech and English: `Czech, … | English, …` a
// line. Written for this project. Wider than the glossary of the index: here a word may stand for a kind of thing (pes
// for zvíře), since it only helps to judge what was already found.
export const KINDRED_GROUPS = `
výplata, mzda, plat, výdělek, odměna, vyplatit, vyplácet, brát, výplatní | payday, pay, salary, wage, earnings, paycheck, remuneration
marodit, nemoc, nemocný, nemocenská, neschopenka, neschopnost, onemocnění, lékař, doktor | sick, ill, illness, sickness, doctor, medical, disease
dovolená, volno, prázdniny, volný | holiday, vacation, leave, break, time-off
propustit, výpověď, skončení, ukončení, odchod, odejít, propuštění, vyhazov, rozvázat | dismiss, fire, layoff, redundancy, termination, leave, resign, quit, leaving
odstupné, reorganizace, organizační | severance, redundancy, reorganisation
kamarád, známý, kolega, spolupracovník, doporučit, doporučení, přivést | friend, colleague, coworker, referral, refer, recommend
nástup, nastoupit, přijetí, nováček, začátek | start, join, joining, onboarding, induction, starter
brigádník, brigáda, dohoda, dohodář, student | temp, casual, student, agreement
home office, domov, doma, dálka, vzdálený | home, remote, telework
přesčas, navíc | overtime, extra
směna, rozvrh, služba | shift, schedule, roster
přestávka, oběd, pauza, oddech | break, lunch, rest
jídlo, strava, stravné, stravování, oběd, snídaně, večeře, občerstvení | food, meal, lunch, breakfast, dinner, subsistence, catering
cesta, cestovní, cestovat, výjezd, služební | travel, trip, travelling, journey
hotel, ubytování, nocleh, noc, přenocovat | hotel, accommodation, lodging, night, overnight, stay
vlak, jízdenka, autobus, doprava, jet | train, rail, ticket, bus, transport, ride
letadlo, letenka, let, letět | plane, flight, air, fly
taxi, taxík | taxi, cab
auto, automobil, vůz, vozidlo, kilometr, dodávka | car, vehicle, mileage, kilometre, drive, van
parkovat, zaparkovat, parkování, parkoviště, stání, garáž | park, parking, garage
palivo, benzín, nafta, tankovat | fuel, petrol, gasoline
mobil, telefon, smartphone | phone, mobile, smartphone, cell
volat, zavolat, telefonovat, linka, číslo, hlásit, nahlásit, ohlásit, oznámit, kontaktovat | call, phone, ring, contact, report, notify, extension, line
počítač, notebook, laptop | computer, laptop, notebook, pc
flashka, flash disk, médium, usb, disk | usb, drive, memory-stick, media
wifi, síť, internet, bezdrátový, připojení, připojit | wifi, network, internet, wireless, connection
heslo, přihlášení, přihlásit, účet | password, login, sign-in, account
e-mail, mail, pošta, zpráva, schránka | email, e-mail, mail, message, mailbox
poslat, zaslat, přeposlat, odeslat, podat, odevzdat, předložit, doručit | send, forward, submit, hand-in, deliver, file
vir, škodlivý, napadený, útok, hacker | virus, malware, infected, attack
smazat, vymazat, zničit, skartovat, odstranit, likvidace | delete, erase, destroy, remove, shred
uchovat, uchovávat, archivovat, uložit, skladovat, držet | keep, store, retain, archive, hold
záloha, zálohovat, obnova, obnovit | backup, back-up, restore, recovery
zapnout, zastřežit, alarm, hlídat, aktivovat | switch-on, arm, alarm, activate
program, aplikace, software | program, application, app, software
tisk, tisknout, vytisknout, vytištění, stránka, kopie, kopírovat | print, printing, page, copy
dokument, doklad, listina, papír, spis, písemnost | document, paper, record, file
podpis, podepsat | signature, sign
formulář, tiskopis, žádost, žádat, žádá, zažádat, požádat | form, application, request, apply
schválit, schválí, povolit, povolí, souhlas, svolení, schvalovat, povolení | approve, permit, consent, permission, allow, authorise, approval
zákaz, zakázat, nesmět, zakázaný | ban, forbid, prohibit, forbidden
povinnost, povinný, muset | duty, obligation, mandatory, required, must
nárok, náležet, příslušet, dostat | entitled, entitlement, right, receive, get
přispět, příspěvek, příplatek, podpora, dotace | contribution, contribute, allowance, subsidy, support, match
proplatit, proplácet, hradit, uhradit, zaplatit, platit, vrátit, náhrada, refundace | reimburse, refund, repay, cover, pay, claim
cena, stát, kolik, sazba, poplatek, částka, náklad, účtovat | price, cost, fee, rate, charge, amount
levný, drahý, hodnota, cenný | cheap, expensive, value, worth
sleva, úleva, zlevnit, osvobození, prominutí | discount, reduction, relief, exemption, rebate
pokuta, sankce, trest, penále, postih, přestupek, porušení, hrozit | fine, penalty, sanction, offence, violation
opozdit, zpoždění, prodlení, pozdě, zpozdné, dluh, dlužit | late, delay, overdue, arrears, owe, debt
splatnost, splatný, termín, lhůta, zaplatit | due, deadline, payable, date
faktura, účet, vyúčtování | invoice, bill, statement
kauce, jistota, jistina, vratný | deposit, security, bond
nájem, nájemné, pronájem, pronajatý, podnájem, činže | rent, lease, rental, tenancy, sublet
byt, dům, nemovitost, domácnost, panelák, bytový | flat, apartment, house, home, property, household
hala, sklad, budova, prostor, areál | hall, warehouse, building, premises, site
zvíře, pes, kočka, mazlíček | animal, dog, cat, pet
vodítko, náhubek, běhat, pobíhání | leash, lead, muzzle, run
odpad, popelnice, odpadky, svoz, kontejner, tříděný, smetí | waste, rubbish, garbage, bin, trash, collection
suť, stavební | rubble, debris
voda, vodovod, prasknout, havárie, únik, porucha, rozbitý | water, leak, burst, emergency, breakdown, broken
elektřina, plyn, teplo, topení, energie | electricity, gas, heat, heating, energy
hluk, klid, hlučný, rušit | noise, quiet, noisy, disturb
dítě, děti, syn, dcera, mladistvý, dvouletý, narození | child, kid, son, daughter, minor, birth, newborn
otec, otcovská, matka, mateřská, rodič, rodičovská | father, paternity, mother, maternity, parent, parental, partner
manžel, manželka, partner, rodina, příbuzný | spouse, husband, wife, partner, family, relative
svatba, ženit, vdávat, oženit | wedding, marry, marriage
úmrtí, smrt, zemřít, pohřeb | death, die, funeral, bereavement
důchod, důchodce, senior, penze, penzijní | pension, retirement, pensioner, retired, senior
škola, školní, student, žák, studium | school, student, pupil, study
kurz, školení, vzdělávání, výuka, učit, lekce | course, training, education, learn, lesson
kniha, knížka, časopis, titul, výpůjčka, čtenář | book, magazine, loan, reader, title
půjčit, půjčovat, zapůjčit, vypůjčit, půjčení, výpůjčka | borrow, lend, loan, rent
lidé, osoba, zaměstnanec, pracovník, člověk, zaměstnávat, pracovat | people, person, employee, staff, worker, employ
žena, muž | woman, man
zákazník, klient, odběratel | customer, client
dodavatel, zhotovitel, firma | supplier, vendor, contractor, company
šéf, vedoucí, nadřízený, ředitel, jednatel, mistr | boss, manager, supervisor, head, director, chief
personalistka, personální, hr | hr, people-team, personnel
dárek, dar, pozornost | gift, present
alkohol, pití, opilý, pivo | alcohol, drinking, drunk
kouřit, kouření, cigareta | smoke, smoking, cigarette
oděv, oblečení, boty, obuv, pracovní oděv | clothes, clothing, shoes, uniform, dress
helma, přilba, brýle, rukavice, ochranný, pomůcka | helmet, goggles, gloves, protective, equipment
úraz, zranění, zranit, poranění, nehoda | accident, injury, injured, hurt
požár, hořet, oheň, hasicí | fire, burning, extinguisher
evakuace, shromáždit, shromaždiště, sejít, poplach | evacuation, assemble, assembly, gather, alarm, drill
zvedat, zvednout, břemeno, nosit, nosí, unést, kilogram, kg | lift, carry, load, weight, kilogram
lékárnička, pomoc, ošetření, defibrilátor | first-aid, kit, treatment, defibrillator
ztráta, ztratit, ztracený, odcizit, krádež, ukrást | loss, lose, lost, stolen, theft, steal
klíč, karta, čip, přístup, vstup, zámek | key, card, badge, access, entry, pass, lock
kamera, záznam, video, nahrávka | camera, recording, video, footage
osobní, soukromí, údaj, gdpr | personal, privacy, data, gdpr
životopis, uchazeč, pohovor, výběrový | cv, resume, applicant, candidate, interview
stížnost, reklamace, reklamovat, vada, závada, podnět | complaint, claim, defect, fault, concern
záruka, záruční, odpovídat, ručit | warranty, guarantee, liable
vrátit, vrácení, odstoupit, zrušit, zrušení, storno | return, refund, withdraw, cancel, cancellation
objednat, objednávka, koupit, nákup, pořídit | order, purchase, buy
doručení, dodat, dodání, dodávka, dodací, dovézt | deliver, delivery, shipping, lead-time
montáž, instalace, sestavit, namontovat | installation, assembly, fitting, install, mount
oprava, opravit, údržba, servis, porucha | repair, fix, maintenance, service
kontrola, revize, prohlídka, zkontrolovat, přezkoumat, audit | check, inspection, review, audit, examine
měnit, mění, změna, změnit, vyměnit, výměna | change, replace, exchange, swap
zvýšit, zvyšovat, zdražit, navýšení, růst, přidat | increase, raise, rise, higher
snížit, krátit, strhnout, srážka | reduce, cut, deduct, deduction
prodloužit, prodloužení, obnovit | extend, renew, extension
začínat, začátek, zahájit, otevřít, nástup, od | begin, start, open, opening
konec, končit, končí, hotový, dokončit, skončit, zavřít, zavírat | end, finish, complete, completion, close, closing
otevřený, otevírací, otevřeno, provozní, úřední, hodina | open, opening, hours, business
předem, dopředu, dříve | advance, beforehand, notice, prior
víkend, sobota, neděle | weekend, saturday, sunday
svátek, vánoce | holiday, christmas, public-holiday
noc, noční | night, overnight
rok, roční, ročně, letos, letošní | year, annual, yearly
měsíc, měsíční, měsíčně | month, monthly
týden, týdenní, týdně | week, weekly
den, denní, denně | day, daily
minimum, minimální, nejméně, alespoň | minimum, least
maximum, maximální, nejvýše, nejvíce, limit, strop, omezení | maximum, most, limit, cap, up
adresa, sídlo, bydliště, místo | address, seat, location, place
velikost, plocha, výměra, rozměr, metr | size, area, dimension, measure
pojištění, pojistka, pojištěný | insurance, insured, policy, cover
daň, daňový | tax
půjčka, úvěr, úrok | loan, credit, interest
odpovědný, zodpovědný, odpovídat, zodpovídat | responsible, liable, charge, accountable
rozhodnout, rozhodovat, určit | decide, decision, determine
výhoda, nevýhoda, přínos | advantage, disadvantage, benefit
riziko, nebezpečí, nebezpečný | risk, danger, hazard
důvod, příčina | reason, cause
náhrada, náhradní | replacement, spare, substitute
hřiště, park, les, louka | playground, park, forest, meadow
šéfovat, čelo, vést, vedení | lead, head, management, run
zahraničí, zahraniční, cizina, cizí | abroad, foreign, overseas
tuzemsko, tuzemský, republika, český | domestic, czech, republic
soukromý, vlastní | private, own
koruna, kč, euro, eur | crown, euro, eur, czk
hodina, hodinový | hour, hourly
nový, novinka | new
`;
