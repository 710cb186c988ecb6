return { two = require("two") }
