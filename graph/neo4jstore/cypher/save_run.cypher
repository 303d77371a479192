CREATE (r:x_Run) SET r = $about
