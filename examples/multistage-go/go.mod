module multistage-go

go 1.26
