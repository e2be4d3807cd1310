LONDON, England (CNN) -- A fire in the old market hall of Camden burned through the night on Saturday, and about a hundred firemen fought it.

Smoke stands above the roofs of Camden Market on Saturday night

"It went up like paper," said a woman who lives across the canal.

Nobody was hurt, the fire brigade said on Sunday morning.

@highlight

Fire burns through the night in Camden Market

@highlight

Nobody was hurt, fire brigade says
