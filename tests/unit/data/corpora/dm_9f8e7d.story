By

Jane Doe

and Tom O'Brien

PUBLISHED:

10:11 EST, 24 February 2014

|

UPDATED:

13:50 EST, 24 February 2014

The Thames has begun to fall after the wettest winter since records began, and people in Datchet are going home.

Under water: The main street of Datchet seen from the air last week

Soldiers who had built a wall of sandbags along the station began to take it down on Monday.

Scroll down for video

'We shall be drying out until June,' said the landlord of the inn.

@highlight

Thames begins to fall after wettest winter on record
