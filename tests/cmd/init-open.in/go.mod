module example.com/acme/tools

go 1.26
