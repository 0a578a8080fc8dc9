package demo

// topic is what posts about one thing are composed of; % stands for a subject.
// Every topic has five titles and five subjects, for up to 25 posts.
type topic struct {
	tag, opening                string
	titles, subjects, sentences []string
}

var topics = []topic{
	{
		tag:      "cooking",
		opening:  "I spent the whole weekend with %, and the kitchen still smells of it.",
		titles:   []string{"Notes on %", "What nobody tells you about %", "A small success with %", "%, third attempt", "Why I keep coming back to %"},
		subjects: []string{"sourdough", "lentil soup", "pickled cucumbers", "flatbread", "plum cake"},
		sentences: []string{
			"The trick was patience, which is the one thing I never have in the house.",
			"My neighbour came by to ask what it was and stayed for dinner.",
			"Next time I will use half the salt and twice the time.",
			"The recipe is older than the oven, and both run hot.",
			"It looks nothing like the picture and tastes better.",
			"If you have a heavy pot, this is what it was made for.",
			"There were no leftovers to photograph.",
		},
	},
	{
		tag:      "cycling",
		opening:  "Took % this morning while the streets were still empty.",
		titles:   []string{"Early out on %", "% in the rain", "Forty kilometres along %", "A new favourite: %", "Slowly up %"},
		subjects: []string{"the river path", "the old railway line", "the coast road", "the northern loop", "the vineyard hills"},
		sentences: []string{
			"A heron kept pace with me for a good minute and then lost interest.",
			"The headwind is always stronger on the way home.",
			"Somebody has finally filled the pothole by the bridge.",
			"I changed the chain last week and could hear the difference.",
			"Stopped for coffee twice, which I count as training.",
			"The last climb is steep enough to make you honest.",
			"If you go, take the gravel turn behind the mill.",
		},
	},
	{
		tag:      "books",
		opening:  "I finished % last night and could not sleep for an hour afterwards.",
		titles:   []string{"Reading %", "% deserves more readers", "An evening with %", "On finishing %", "Lend me your thoughts on %"},
		subjects: []string{"a book about lighthouses", "a novel in letters", "a history of ink", "an old travel diary", "a book of short stories"},
		sentences: []string{
			"It begins slowly and then does not let go.",
			"I underlined one sentence on nearly every page.",
			"The translator deserves a prize and a long holiday.",
			"Half of it I read on the train, and I missed my stop.",
			"The ending is quiet and exactly right.",
			"I have already given my copy away.",
			"What should I read next?",
		},
	},
	{
		tag:      "garden",
		opening:  "The first warm week, and % woke up all at once.",
		titles:   []string{"% in March", "Hope for %", "What happened to %", "A year of %", "Advice wanted on %"},
		subjects: []string{"the balcony tomatoes", "the apple tree", "the herb bed", "the beans", "the roses"},
		sentences: []string{
			"The slugs have been informed as well, it seems.",
			"I moved everything one pot to the left, for the light.",
			"My grandfather would have pruned harder.",
			"There is a blackbird that supervises all of it.",
			"Coffee grounds help, or at least they make me feel useful.",
			"We had frost on Tuesday and nothing was lost.",
			"If it all ripens at once, you are invited.",
		},
	},
	{
		tag:      "photography",
		opening:  "I went out for ten minutes and came back three hours later with pictures of %.",
		titles:   []string{"Light on %", "% before sunrise", "One roll of film: %", "Looking at % again", "% in black and white"},
		subjects: []string{"the harbour", "the market hall", "the tram depot", "the frozen lake", "the rooftops"},
		sentences: []string{
			"The best one is slightly out of focus and I do not mind.",
			"Fog does most of the composing for you.",
			"A man with a ladder walked into the frame and made it better.",
			"I used the old lens with the scratch.",
			"Nothing was moved and nothing was staged.",
			"The colours are what they were, for once.",
			"Prints are drying in the bathroom.",
		},
	},
	{
		tag:      "tech",
		opening:  "A short report on %, which took longer than planned, as always.",
		titles:   []string{"Fixing %", "% for beginners", "What I learned from %", "Half a year with %", "%, finally finished"},
		subjects: []string{"a home weather station", "a self-made keyboard", "a radio from 1962", "a bird feeder with a camera", "a tiny home server"},
		sentences: []string{
			"The fault was a single cold solder joint.",
			"I wrote the manual that I would have liked to find.",
			"It has now been running for forty days without a restart.",
			"The enclosure is a lunch box, and proud of it.",
			"Measure twice, order parts once.",
			"The documentation was right and I had not read it.",
			"Plans and code are free for whoever wants them.",
		},
	},
	{
		tag:      "travel",
		opening:  "Three days in %, with one bag and no plan.",
		titles:   []string{"A weekend in %", "By night train to %", "What to eat in %", "Getting lost in %", "% out of season"},
		subjects: []string{"Ljubljana", "Porto", "Tartu", "Ghent", "Trieste"},
		sentences: []string{
			"The best meal was at a place without a name.",
			"I walked until the map ran out.",
			"Everybody on the tram seemed to know each other.",
			"It rained, and it suited the city.",
			"A stranger showed me the view that the guide does not mention.",
			"I brought back a spoon, a story and a cold.",
			"Going again in autumn, with company.",
		},
	},
	{
		tag:      "music",
		opening:  "We played % on Thursday, to eleven people and a dog.",
		titles:   []string{"Practising %", "% at the community hall", "Learning % by ear", "An evening of %", "Why % is harder than it sounds"},
		subjects: []string{"slow waltzes", "sea shanties", "a string quartet", "old dance tunes", "a song my aunt wrote"},
		sentences: []string{
			"The dog left before the encore.",
			"Nobody noticed the wrong repeat except all of us.",
			"The room is small and kind to the cello.",
			"We record the next one, I promise.",
			"Half the tempo, twice the joy.",
			"Somebody in the second row sang the harmony.",
			"Rehearsal is on Mondays; bring an instrument or cake.",
		},
	},
}
