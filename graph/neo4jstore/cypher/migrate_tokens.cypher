// A name gets a commit of its own when it is used for the first time. They all are
// here, so that from now on a bookmark tells of data.
CREATE (x:EntangleLoad:EntangleLong:_Past) SET x = $properties DELETE x
