"""What layers say of a city: heights of buildings, floor plans, trees and hoardings, streets, territory."""
