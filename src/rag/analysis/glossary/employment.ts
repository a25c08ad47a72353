// Czech and English words of one meaning: `Czech, … | English, …` a line. Written for this project.
export const EMPLOYMENT = `
výpovědní doba, výpovědní lhůta | notice period
výpověď, ukončení pracovního poměru, skončení pracovního poměru | termination of employment, notice of termination, dismissal
okamžité zrušení | immediate termination, summary dismissal
zkušební doba | probation, probation period, probationary period, trial period
pracovní poměr, zaměstnání | employment, employment relationship
pracovní smlouva | employment contract, employment agreement
hlavní pracovní poměr, HPP | full-time employment
dohoda o provedení práce, DPP | agreement to complete a job, agreement to perform work
dohoda o pracovní činnosti, DPČ | agreement on work activity
brigádník, dohodář | temporary worker, casual worker, temp
zaměstnanec, pracovník | employee, worker, staff member, staff
zaměstnavatel | employer
vedoucí zaměstnanec, vedoucí, nadřízený | manager, superior, supervisor, line manager, head
podřízený | subordinate
kolega, spolupracovník | colleague, coworker, co-worker
uchazeč | applicant, candidate
nábor, přijímání zaměstnanců | recruitment, hiring
pohovor | interview
nástup, nastoupit, nastupovat | start date, onboarding, join
pracovní náplň, náplň práce | job description
pracovní pozice, pracovní místo | position, job
kvalifikace | qualification
praxe | experience
vzdělání | education
školení, proškolení | training
kurz, seminář | course, seminar
mzda, "plat", "platu", "platy", "platem", "platů", výplata | wage, wages, salary, pay
mzdový | payroll
základní mzda, základní plat, tarifní mzda | base salary, basic wage, base pay
průměrný výdělek | average earnings
odměna, bonus | bonus, reward
prémie | premium, incentive
příplatek, přirážka | surcharge, supplement, extra pay, allowance
příspěvek, přispívat, přispět | contribution, contribute
zvýšení mzdy, zvyšování mezd, růst mezd | pay rise, pay raise, wage increase, salary increase
srážka ze mzdy, srážky ze mzdy | deduction from wages, wage deduction
splatná mzda, výplatní termín, výplatní den | payday
práce přesčas, přesčas, přesčasová práce | overtime
noční práce, noční směna, noční | night work, night shift
víkend, sobota a neděle | weekend
svátek, státní svátek | public holiday, bank holiday
směna | shift
ranní směna, ranní | morning shift
odpolední směna, odpolední | afternoon shift
pracovní doba | working hours, working time
pružná pracovní doba | flexible working hours, flexitime
týdenní pracovní doba | weekly working hours
přestávka, přestávka na jídlo | break, lunch break
doba odpočinku, odpočinek | rest period, rest
pracovní pohotovost, pohotovost | on-call duty, standby
docházka, evidence pracovní doby | attendance, time recording
dovolená | vacation, annual leave, paid leave, holiday entitlement
nárok na dovolenou, výměra dovolené | holiday allowance, vacation entitlement
čerpat dovolenou, čerpání dovolené | take vacation, take leave
neplacené volno | unpaid leave
placené volno, pracovní volno | time off, day off, leave
osobní volno, sick day, zdravotní volno, indispoziční volno | sick day, personal day
náhradní volno | compensatory leave, time off in lieu
mateřská dovolená | maternity leave
otcovská dovolená | paternity leave
rodičovská dovolená | parental leave
ošetřování člena rodiny, ošetřovné | care leave, carer's leave
nemoc, pracovní neschopnost, neschopenka, nemocenská | sickness, illness, sick leave, sick note
náhrada mzdy | wage compensation, compensation of wages
nepřítomnost, absence | absence
překážka v práci | obstacle to work
svatba, vlastní svatba | wedding, marriage
pohřeb, úmrtí | funeral, death
stěhování, přestěhování | moving house, relocation
narození dítěte, porod | birth, childbirth
lékař, doktor, návštěva lékaře | doctor, physician, medical appointment
lékařská prohlídka, pracovnělékařská prohlídka, vstupní prohlídka | medical examination, medical check-up
práce z domova, práce na dálku, home office, homeoffice, domácká práce | remote work, working from home, work from home, home office, teleworking
stravenka, stravenkový paušál, příspěvek na stravování, stravování | meal voucher, meal allowance
oběd, závodní stravování, jídelna | lunch, canteen
benefit, zaměstnanecká výhoda, zaměstnanecké výhody | benefit, perk, fringe benefit
penzijní připojištění, doplňkové penzijní spoření, penzijní spoření | pension contribution, pension savings, supplementary pension
životní pojištění | life insurance
multisport, příspěvek na sport | sports card, fitness allowance
služební telefon, mobilní telefon, firemní telefon | company phone, mobile phone
služební vozidlo, služební auto, firemní auto, firemní vozidlo | company car, company vehicle
pracovní oděv, pracovní oblečení | work clothes, workwear
doporučení zaměstnance, doporučit, doporučení nového kolegy | referral, employee referral
odstupné | severance, severance pay
potvrzení o zaměstnání, zápočtový list | certificate of employment
pracovní posudek | reference, letter of reference
hodnocení zaměstnanců, hodnotící pohovor | performance review, appraisal
disciplinární řízení, porušení povinností, porušení pracovní kázně | misconduct, breach of duty, disciplinary action
vytýkací dopis, písemná výtka | written warning, letter of reprimand
stížnost | grievance, complaint
odbory, odborová organizace | trade union, union
kolektivní smlouva | collective agreement
zákoník práce | labour code, labor code
úřad práce | labour office, employment office
inspekce práce, inspektorát práce | labour inspectorate, labour inspection
konkurenční doložka | non-compete clause
mlčenlivost, povinnost mlčenlivosti | confidentiality, non-disclosure
diskriminace | discrimination
obtěžování | harassment
šikana | bullying, mobbing
personální oddělení, personalistka, personalista, personalistika | human resources, HR, HR department, personnel department
mzdová účetní, mzdové oddělení | payroll accountant, payroll department
dítě, děti | child, children
manžel, manželka, partner | spouse, husband, wife, partner
důchod, penze, starobní důchod | pension, retirement
osobní spis | personnel file
mladistvý | juvenile, minor
těhotná, těhotenství | pregnant, pregnancy
`;
