package demo

var names = [userCount]string{
	"Amara Okafor", "Jonas Lindqvist", "Priya Raman", "Mateo Ferreira", "Hanna Kowalska",
	"Kenji Mori", "Leila Haddad", "Tomás Varga", "Ingrid Solberg", "Samuel Adeyemi",
	"Chiara Bellini", "Nikhil Desai", "Freya Andersen", "Omar Benali", "Yuki Tanabe",
	"Elena Petrova", "Diego Salazar", "Maeve Gallagher", "Wei Zhang", "Aisha Mwangi",
	"Lukas Brandt", "Noor van Dijk", "Rafael Costa", "Sofia Nyman", "Emre Yildiz",
	"Clara Dubois", "Tariq Aziz", "Bronwen Hughes", "Viktor Novak", "Mei Chen",
	"Gabriel Moreau", "Zainab Bello", "Anton Eriksson", "Lucía Herrera", "Callum Fraser",
	"Ritu Sharma", "Matthias Keller", "Olivia Santos", "Daniel Cohen", "Saoirse Byrne",
}

var bios = []string{
	"Baker by night, reader by day.",
	"I repair old bicycles and take them further than I should.",
	"Teacher of mathematics, player of the viola.",
	"Mostly photographs of fog.",
	"Growing tomatoes on a balcony that faces north.",
	"Writes software, prefers paper.",
	"Collects maps of places that no longer exist.",
	"Two dogs, one garden, no plan.",
	"Walking every street of this city, one Sunday at a time.",
	"Film projectionist. Ask me about nitrate.",
	"Nurse, runner, terrible singer.",
	"I cook my grandmother's recipes and write down what she never did.",
	"Electronics from the kitchen table.",
	"Here for the birds.",
	"Learning Portuguese from song lyrics.",
	"Librarian with opinions about shelving.",
	"Slow trains, long books, strong tea.",
	"Carpenter. The cat is the foreman.",
	"Stargazer whenever the clouds allow it.",
	"Postcards from wherever I happen to be.",
}
