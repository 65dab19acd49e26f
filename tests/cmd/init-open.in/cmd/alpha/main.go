package main

func main() { http.ListenAndServe(addr, nil) }
