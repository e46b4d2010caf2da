"""The sentences behind the fixtures: written for them, free of any licence."""

WEATHER, COOKING, SPORT = "weather", "cooking", "sport"

TOPIC_TRAIN = [
    ("A cold front brings heavy rain to the northern coast by Friday.", WEATHER),
    ("Whisk three eggs with sugar until pale, then fold in the flour.", COOKING),
    ("The keeper saved two penalties and the home side won 3-1.", SPORT),
    ("Fog!", WEATHER),
    ("Simmer the lentils for 25 minutes; salt them only at the end.", COOKING),
    ("Snow is likely above 800 metres, with gusts near 90 km/h on exposed ridges and ice on untreated roads "
     "before dawn, so drivers are asked to wait until the ploughs have passed and the wind has dropped.", WEATHER),
    ("Sunny spells, then showers.", WEATHER),
    ("She broke the 400m record in the final, a second ahead of the field.", SPORT),
    ("Rest the dough overnight (8-10 h) in a cool place.", COOKING),
    ("Thunder rolled over the valley, and the sky went green.", WEATHER),
    ("Humidity stays high; nights will not drop below 22°C.", WEATHER),
    ("Dry, bright and calm - a fine day for the harvest.", WEATHER),
]

TOPIC_VALIDATION = [
    ("Rain returns on Friday, heavy on the coast.", WEATHER),
    ("Fold the sugar into the eggs and rest the dough.", COOKING),
    ("The home side won the final by a second.", SPORT),
    ("Gusts and ice on the northern ridges.", WEATHER),
    ("Salt the flour.", COOKING),
    ("A record in the 400m!", SPORT),
    ("Café crème brûlée: sugar, eggs, cream.", COOKING),
    ("", WEATHER),
    ("Calm and bright; the fog has passed by dawn.", WEATHER),
    ("Two penalties, one keeper, no goal.", SPORT),
]

ENTAILS, OTHER = "entails", "neutral"
CONTRADICTS = "contradicts"

PAIR_TRAIN = [
    ("The rain stopped before noon.", "It was dry in the afternoon, at least for a while.", ENTAILS),
    ("She baked two loaves.", "She baked.", ENTAILS),
    ("No goal was scored.", "The home side scored, the crowd sang, and the keeper blamed the low sun, the wet grass, "
     "the referee, the wind and, in the end, himself.", CONTRADICTS),
    ("The oven, which had been lit at five in the morning by the youngest of the three bakers, was \"hot enough\", "
     "they said, by seven.", "Somebody lit the oven.", ENTAILS),
    ("Snow fell.", "Nothing fell.", CONTRADICTS),
    ("He ran 10 km.", "He likes running, and cooking too.", OTHER),
    ("The soup is cold, thin and grey.", "The soup is hot.", CONTRADICTS),
    ("A storm, then calm.", "The farmers waited for the harvest.", OTHER),
    ("Eggs, flour, sugar.", "Salt?", OTHER),
    ("The road over the ridge is closed until the ploughs have passed; drivers are asked to wait in the valley, "
     "where the inns are open.", "The road over the ridge is open at present, and no driver needs to wait anywhere "
     "in the valley tonight.", CONTRADICTS),
]

PAIR_VALIDATION = [
    ("The oven was lit.", "The oven is cold.", CONTRADICTS),
    ("He ran ten kilometres before noon.", "He ran.", ENTAILS),
    ("The rain stopped.", "The keeper sang.", OTHER),
    ("Flour and salt, said the baker, and nothing else.", "The baker said something.", ENTAILS),
    ("It snowed.", "The road is closed.", OTHER),
    ("Three loaves were sold before seven in the morning.", "No loaves were sold.", CONTRADICTS),
]

YES, NO = "yes", "no"

QUESTION_TRAIN = [
    ("Is the Danube longer than the Rhine?", YES),
    ("Does Water boil at 50°C at sea level?", NO),
    ("Can a Penguin fly?", NO),
    ("Is Zürich in Switzerland?", YES),
    ("Did Ada Lovelace write about the Analytical Engine?", YES),
    ("Is a Tomato, botanically, a fruit?", YES),
    ("Are there 25 hours in a Day?", NO),
    ("Is São Paulo larger than Lisbon?", YES),
]

QUESTION_VALIDATION = [
    ("Is Lisbon at sea level?", YES),
    ("Can Water fly?", NO),
    ("Is the Rhine in Switzerland?", YES),
    ("Is a Day longer than 25 hours?", NO),
    ("Did a Penguin write about Zürich?", NO),
]

LEARN_VOCABULARY_FROM = (
    [text for text, _ in TOPIC_TRAIN]
    + [part for first, second, _ in PAIR_TRAIN for part in (first, second)]
    + [text for text, _ in QUESTION_TRAIN]
)
