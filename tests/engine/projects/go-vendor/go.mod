module example.com/shop

go 1.26

require example.com/greet v0.0.0

replace example.com/greet => ./greet
