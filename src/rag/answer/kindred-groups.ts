// Words that people use for one matter in offices, homes and town halls, Czech and English: `Czech, … | English, …` a
// line. Written for this project. Wider than the glossary of the index: here a word may stand for a kind of thing (pes
// for zvíře), since it only helps to judge what was already found.
export const KINDRED_GROUPS = `
výplata, mzda, plat, výdělek, odměna, vyplatit, vyplácet, brát, výplatní | payday, pay, paid, salary, wage, earnings, paycheck, remuneration
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
přispět, přispěje, přispívat, příspěvek, příplatek, podpora, dotace | contribution, contribute, allowance, subsidy, support, match
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
dítě, dítěte, děti, syn, dcera, mladistvý, dvouletý, narození | child, kid, son, daughter, minor, birth, newborn
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
šéf, vedoucí, nadřízený, mistr | boss, manager, supervisor, head
šéf, ředitel, jednatel | boss, director, chief
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
dítě, dítěte, dětský, žák, školák, student, nezletilý | child, children, pupil, student, minor
učitel, učitelka, pedagog, vyučující, lektor, kantor | teacher, instructor, tutor, lecturer
žák, školák, student, prvňák, prvňáček, druhák, třeťák, deváťák | pupil, student
třída, ročník, stupeň, třeťák, prvňák, deváťák | class, grade, year, form
škola, školka, mateřská, základka, gymnázium, učiliště | school, kindergarten, nursery
známka, hodnocení, klasifikace, vysvědčení, prospěch | mark, grade, grading, report
zkouška, test, písemka, přezkoušení, zkoušet | exam, test, examination
úkol, domácí úkol, cvičení | homework, assignment, task
omluvit, omluvenka, nepřítomnost, absence, chybět, zameškat, neúčast, nedostavit | excuse, absence, absent, miss, missed, no-show, show-up, attend
uvolnit, uvolnění, propustit, pustit, volno | release, leave, excuse
kroužek, klub, družina, zájmový | club, after-school, hobby, activity
výlet, exkurze, zájezd, výprava, lyžák, škola v přírodě | trip, excursion, tour, outing
lyžák, lyžařský, lyžování, lyže | ski, skiing
plavání, plavecký, plavat, bazén, koupaliště, koupat | swimming, pool, swim
jídelna, kantýna, oběd, strávník, vařit, kuchyně | canteen, cafeteria, lunch, kitchen, cook
dieta, bezlepkový, laktóza, vegetariánský, alergie, alergický | diet, gluten-free, vegetarian, allergy
odhlásit, zrušit, storno, odvolat | cancel, deregister, withdraw, unsubscribe
přihlásit, přihláška, registrace, zápis, zapsat, registrovat | register, registration, enrol, enrolment, sign-up
přinést, donést, vzít, doložit, předložit, přiložit, doklad, potřebovat | bring, take, submit, attach, provide, produce
vyzvednout, převzít, odebrat, vydat, vydávat, výdej, výdejní, odběr | collect, pick-up, take-over, handover
sebrat, zabavit, převzít, odebrat, vzít | confiscate, take-away, seize
odvolat, odvolání, námitka, přezkoumání, nesouhlasit, pochybnost, stížnost, přezkoušení | appeal, objection, disagree, review, dispute
porucha, rozbít, rozbitý, pokazit, závada, nefungovat, nejde, nejdou, nejít, vada, poškodit, poškození | broken, fault, defect, failure, malfunction, damage, out-of-order
ukrást, ukradli, ukradený, krádež, odcizení, odcizit, zloděj | steal, stole, stolen, theft, thief
ztratit, ztráta, ztracený, zapomenout, zapomenutý | lose, lost, loss, forget, forgot, forgotten
zaplatit, platba, placení, úhrada, uhradit, hradit, doplatit, splátka, úplata, inkaso | pay, paid, payment, payable, settle, instalment
úplata, poplatek, cena, sazba, taxa, vstupné, školné, kurzovné, stravné | fee, charge, price, tariff, tuition, admission
hotovost, hotově, karta, převod, bankovní, pokladna | cash, card, transfer, bank, cashier
peníze, částka, finance, hotovost, suma, obnos | money, amount, sum, funds, cash
doplatit, doplácet, spoluúčast, připlatit, doplatek | surcharge, co-payment, participation
účtenka, stvrzenka, paragon, doklad | receipt, slip
rozpočet, finance, peníze, částka | budget, funds
zisk, výnos, hospodářský, výsledek, obrat, tržba | profit, revenue, turnover, earnings
bonus, prémie, odměna, mimořádný | bonus, premium, reward
benefit, výhoda, příspěvek, paušál | benefit, perk, allowance
penze, penzijní, penzijko, spoření, důchodový | pension, savings, retirement
stravenka, stravenkový, paušál, stravování, oběd | voucher, meal
pohotovost, hotovost, on-call, zásah, služba | on-call, standby, duty
nemocenská, neschopenka, neschopnost, marodit, sick days, stonat | sick, sick-leave
home office, dělat, pracovat, domov, z domova | work, home, remote
dělat, pracovat, práce, vykonávat | work, perform, job
programátor, vývojář, ajťák, informatik | programmer, developer, engineer
aplikace, appka, program, systém, software | app, application, system, software
vydat, vyjít, vydání, verze, zveřejnit | release, publish, version, launch
odložit, odklad, odkládat, přesunout, posunout | postpone, delay, defer, move
garantovat, zaručit, zaručovat, záruka, závazek, slíbit | guarantee, warrant, commit, assure
dostupnost, výpadek, odstávka, nedostupnost, provoz | availability, uptime, outage, downtime, maintenance
reakce, reakční, odezva, odpověď, reagovat | response, reaction, acknowledge, respond, reply
závada, porucha, chyba, incident, problém, potíž | defect, fault, bug, error, incident, issue, problem
vyřešit, vyřešení, odstranit, odstranění, opravit, oprava, řešit | resolve, resolution, fix, repair, solve
pokuta, sankce, penále, smluvní pokuta, trest, sleva | penalty, fine, sanction, credit
mlčenlivost, nda, důvěrný, tajemství, diskrétnost | confidentiality, nda, non-disclosure, confidential, secret
smlouva, kontrakt, dohoda, ujednání | contract, agreement
vypovědět, výpověď, výpovědní, ukončit, ukončení | terminate, termination, notice, cancel
uložit, ukládat, uchovávat, skladovat, záznam, archivovat, uschovat, skartovat | store, stored, retain, retention, keep, archive
záběr, záznam, nahrávka, kamerový | recording, footage, video
fotka, fotografie, foto, snímek, fotit | photo, photograph, picture
osobní údaj, pověřenec, správce, gdpr | personal, data, controller, privacy
zálohovat, zálohování, záloha, backup, kopie | backup, back-up, copy
šifrovat, šifrování, zašifrovat | encrypt, encryption
zamknout, zamykat, uzamknout, zablokovat, blokovat, uzamčení | lock, block, suspend
otevřít, otevírat, otvírat, otevřený, otevřeno, otevírací | open, opening
zavřít, zavírat, uzavřít, uzavřený, zavřený, končit, konec | close, closed, closing, closure, shut
začít, začínat, zahájit, začátek, start | begin, start, commence
platit, platnost, platný, účinnost, trvat, trvání | valid, validity, effective, last, duration, apply
vést, vedoucí, řídit, pověřený, předseda, předsedat, předsedkyně | lead, head, manage, chair, run
předseda, předsedkyně, předsedat, čelo | chair, chairman, chairwoman, president
starosta, primátor, radnice, město, městský, obec, obecní | mayor, town, municipality, municipal, council
úřad, odbor, radnice, úřední, úředník | office, authority, department
vyřídit, vyřízení, zařídit, vyřizovat, zpracovat | process, handle, settle, deal
občanka, občanský průkaz, doklad, průkaz, totožnost | id, identity, card, document
pas, cestovní pas | passport
řidičák, řidičský průkaz | licence, license, driving
popelnice, odpad, odpady, svoz, kontejner, komunální | bin, waste, rubbish, garbage
sběrný dvůr, dvůr, odpad, odevzdat | recycling, dump, waste, yard
pneumatika, guma, kolo | tyre, tire
hřbitov, hrob, hrobový, pohřebiště | cemetery, grave, burial
knihovna, knížka, kniha, výpůjčka, půjčit, čtenář | library, book, loan, reader
desková hra, deskovka, hra | board-game, game
důchodce, senior, penzista, starobní | senior, pensioner, retired, elderly
student, studující, žák | student
rodič, rodina, zákonný zástupce, matka, otec | parent, guardian, family, mother, father
manželka, manžel, partner, druh, družka, rodina | spouse, partner, family
ženit, vdávat, svatba, svatební, snoubenec, oddat, obřad | wedding, marry, married, marriage, ceremony
stěhovat, stěhování, přestěhovat, přestěhování | move, moving, relocation
porod, narození, narodit, miminko, otcovská | birth, born, newborn, baby
lékař, doktor, doktorka, ordinace, ambulance, klinika | doctor, physician, clinic, surgery
pacient, nemocný, hospitalizovaný, klient | patient
vyšetření, prohlídka, kontrola, ošetření | examination, checkup, visit, check-up
objednat, objednaný, termín, schůzka, návštěva | appointment, book, booking, visit, reservation
recept, lék, předpis, medikament | prescription, medicine, drug
krev, odběr, krevní | blood, sample
jehla, píchnout, bodnout, poranit, injekce | needle, prick, injury, injection
zdravotní, dokumentace, karta, záznam | medical, record, records
očkování, vakcína, naočkovat | vaccination, vaccine
návštěva, návštěvník, navštívit, host | visit, visitor, guest
doprovod, doprovázet, provázet | accompany, escort
čistit, uklízet, úklid, praní, prát, mýt | clean, cleaning, wash, laundry
dezinfekce, dezinfikovat, sterilizace, sterilizovat, hygiena | disinfect, sterilise, sterilize, hygiene
pes, zvíře, psí, mazlíček, kočka | dog, pet, animal, cat
kolo, jízdní, koloběžka, cyklista | bike, bicycle, scooter
auto, vozidlo, služební auto, automobil, řidič | car, vehicle, driver
parkovné, parkování, parkovat, stání, garáž | parking, park
tramvaj, autobus, mhd, jízdné, jízdenka | tram, bus, fare, ticket
ubytování, bydlet, bydlení, byt, pokoj | accommodation, housing, flat, room, stay
most, silnice, uzavírka, objížďka, komunikace | bridge, road, closure, detour
přestávka, pauza, oběd | break, pause
rozvrh, harmonogram, plán, termín | timetable, schedule, plan
telefon, mobil, mobilní, telefonní, sluchátko | phone, mobile, smartphone
flashka, flash disk, usb, přenosný, médium | usb, flash, drive, removable
počítač, notebook, laptop, pc, zařízení, tablet | computer, laptop, notebook, device, tablet
zařízení, přístroj, stroj | device, machine, equipment, appliance
tiskárna, tisk, kopírka, kopie | printer, print, copier, copy
oprávnění, přístup, právo, role | permission, access, right, role
vchod, vstup, dveře, brána | entrance, entry, door, gate
připojit, připojovat, zapojit, připojení | connect, plug, attach, connection
hlásit, nahlásit, ohlásit, oznámit, ohlášení, oznámení, upozornit | report, notify, notification, announce
informovat, sdělit, vyrozumět, oznámit, seznámit | inform, notify, tell, told, advise
povolit, dovolit, smět, povolený, dovolený, schválit | permit, allow, allowed, permitted
zakázat, nesmět, zákaz, zakázaný, vyloučit | forbidden, prohibited, banned, not-allowed
nutný, povinný, muset, vyžadovat, požadovat, potřeba, podmínka | required, necessary, must, mandatory, need, condition
nastat, stát, následek, důsledek, hrozit | happen, consequence
nesplnit, porušit, porušení, nedodržet, nedodržení, zanedbat | breach, violate, violation, fail, failure
pozdě, opozdit, prodlení, zpoždění, po termínu, včas | late, delay, overdue, timely
náhradník, zástup, zástupce, zastupovat, zastoupení | substitute, deputy, replacement, representative
hlasovat, hlasování, schválit, odhlasovat, usnesení | vote, voting, resolution, adopt
schůze, porada, jednání, zasedání, sejít, konat | meeting, session, meet
zapisovatel, zapsat, zápis, protokol | minutes, recorder, record
nákup, koupit, kupovat, pořídit, nakoupit, objednat | purchase, buy, order, procurement
prodej, prodat, prodávat, prodejce | sale, sell, seller
dodavatel, poskytovatel, zhotovitel, provozovatel | supplier, provider, contractor, operator, vendor
odběratel, zákazník, klient, objednatel, kupující | customer, client, buyer, purchaser
nájemce, nájemník, pronajímatel, podnájemník | tenant, lessee, landlord, lessor
majitel, vlastník, vlastnit | owner, own
pracovník, zaměstnanec, kolega, personál, zaměstnankyně | employee, worker, staff, colleague
nadřízený, vedoucí, šéf, manažer, šéfová | superior, supervisor, manager, boss
nováček, nástup, nastoupit, zkušební doba, nový zaměstnanec | newcomer, new-hire, starter, probation
kandidát, uchazeč, zájemce, žadatel | candidate, applicant
uživatel, účastník, člen, návštěvník | user, participant, member, attendee
žadatel, příjemce, žádat, dotace, grant | applicant, recipient, grant, subsidy
občerstvení, jídlo, pohoštění, jíst, pití, pít, nápoj | refreshments, food, eat, drink, beverage
přebytek, zbytek, nevyčerpaný, nespotřebovaný, zůstatek | unused, remaining, leftover, balance
propadnout, zaniknout, zánik, přijít o | lapse, forfeit, expire, lost
převést, převod, přenést, přesunout | transfer, carry-over, move
kapacita, vejít, vejde, vejdou, obsadit, obsazenost | capacity, fit, seat
reparát, opravný, opakovaný, přezkoušení | resit, retake, repeat
přijmout, přijetí, přijímat, vzít, vezme, vezmou, brát, bere, berou | accept, admit, admission, take
délka, trvání, trvat, doba, období | length, duration, period, term
obrátit, kontaktovat, zavolat, napsat, ozvat, kontakt | contact, call, write, turn
učit, učí, vyučovat, vyučování, výuka, hodina | teach, lesson, teaching
samostatný, samostatně, samo, sám, bez doprovodu | alone, unaccompanied, independent
počet, množství, kus | number, count, quantity
rychlý, rychle, lhůta, doba | fast, quick, soon, quickly
nejpozději, termín, lhůta, uzávěrka | deadline, latest
kapesné, útrata, peníze, částka | money, cash
pravomoc, oprávněný, schvalovat, podepisovat | authorised, authority, approve
hlídat, dohled, dozor, dohlížet | supervise, supervision, watch
odpovědět, odpověď, vyjádřit, vyjádření | answer, reply, respond
`;
