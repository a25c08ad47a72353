// Czech and English words of one meaning: `Czech, … | English, …` a line. Written for this project.
export const MONEY = `
cena, cenový | price
ceník | price list
sazba, hodinová sazba | rate, hourly rate
poplatek | fee, charge
náklad, náklady | cost, costs, expenses
výdaj, výdaje | expense, expenditure
faktura, vyúčtování | invoice, bill
splatnost, splatný, doba splatnosti | due, maturity, payment terms
platba, "platí", "platím", "platit", "platíme", "zaplatí", zaplatit, úhrada, hradit, uhradit | payment, pay
záloha, zálohová platba | advance, advance payment, deposit, down payment
splátka | instalment, installment
doplatek | balance payment, remaining amount
sleva, množstevní sleva | discount
"daň", "daní", "daněmi" | tax
daň z přidané hodnoty, DPH | value added tax, VAT
daň z příjmů | income tax
zdravotní pojištění | health insurance
sociální pojištění, sociální zabezpečení | social insurance, social security
pojištění, pojistka | insurance, insurance policy
pojistné | insurance premium
úvěr, půjčka | loan, credit
úrok, úroková sazba | interest, interest rate
banka, bankovní účet | bank, bank account
účet | account
hotovost, pokladna | cash, cash desk
platební karta | payment card, credit card
účetnictví, účetní | accounting, accountant
účetní závěrka | financial statements
rozpočet | budget
zisk | profit
ztráta | loss
tržby, obrat, výnosy | revenue, sales, turnover
majetek, aktiva | assets
odpis, odpisy | depreciation
investice, investovat | investment, invest
hodnota | value
částka, suma | amount, sum
limit, strop | limit, cap, ceiling
měna | currency
koruna, Kč, CZK | crown, koruna
kurz měny, směnný kurz | exchange rate
náhrada, proplacení, proplatit, refundace | reimbursement, compensation, refund, reimburse
cestovní náhrada, cestovní náhrady | travel expenses, travel allowance
pracovní cesta, služební cesta | business trip, business travel
stravné, diety | per diem, subsistence allowance, meal allowance
ubytování, nocleh, hotel | accommodation, hotel, lodging
jízdné, jízdenka | fare, ticket
letenka | flight ticket, air ticket
vlak | train
autobus | bus
letadlo | plane, aircraft
vlastní vozidlo, soukromé vozidlo, vlastní auto, vlastní automobil | own car, private car, private vehicle, own vehicle
kilometr, náhrada za kilometr | kilometre, kilometer, mileage
pohonná hmota, palivo, pohonné hmoty | fuel
parkovné, parkování | parking
zahraničí, zahraniční | abroad, foreign
tuzemsko, tuzemský | domestic
cestovní příkaz | travel order
objednávka, objednat, objednávat | purchase order, order
nabídka, cenová nabídka | offer, quote, quotation
poptávka | inquiry, request for quotation
dodávka, dodání, dodací lhůta | delivery, delivery time
doprava, přeprava | transport, shipping
sklad | warehouse, stock
zásoby, inventura | inventory, stocktaking
výroba | production, manufacturing
výrobek, produkt, zboží | product, goods
služba | service
kus | piece, unit
množství | quantity
minimální, nejméně, minimum | minimum, at least
maximální, nejvýše, maximum, nejvyšší | maximum, at most
procento | percent, percentage
měsíčně, každý měsíc | monthly, per month
ročně, každý rok | annually, yearly, per year
denně, každý den | daily, per day
týdně, každý týden | weekly, per week
čtvrtletí, kvartál | quarter
pololetí | half-year
oprava, opravit | repair
údržba | maintenance
montáž, instalace | installation, assembly
demontáž | dismantling, removal
servis | servicing, service
výměna | replacement, exchange
prodej, prodat | sale, sell
nákup, koupit | purchase, buy
dluh, pohledávka | debt, receivable
upomínka | reminder
`;
